-- Secrets the service draws for itself and all its nodes share. 'cursors' signs places in lists: whoever reads it can make
-- a tenant skip rows of its own lists, no more, so it is not worth a key management of its own.
create table ledger.service_secrets (
    name   varchar primary key,
    secret bytea not null
);
insert into ledger.service_secrets (name, secret)
values ('cursors', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
