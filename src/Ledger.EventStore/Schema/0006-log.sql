-- The tamper-evident log (docs/adr/0011): an RFC 6962 tree per tenant. Its leaf i (from 0) is the event at position i + 1.
-- Everything one flush learns (leaves, upper tiles, heads, checkpoints) commits together: a leaf never gets a second salt.

-- One row. The epoch fences, as the sealer's does. Every event with a sequence up to this has its leaf, but for tenants whose history is broken.
create table ledger.log_builder (
    singleton boolean primary key default true check (singleton),
    epoch     bigint  not null default 0,
    sequence  bigint  not null default 0
) with (fillfactor = 70);
insert into ledger.log_builder default values;

-- How far each tenant's tree has grown. The roots of the full subtrees it consists of, largest first, are all that is needed to
-- grow it further and to know its root.
create table ledger.log_heads (
    tenant_id varchar primary key,
    size      bigint  not null check (size > 0),
    subtrees  bytea   not null check (octet_length(subtrees) % 32 = 0)
) with (fillfactor = 70);

-- Leaves in runs of 1 to 256, none of which crosses a chunk (positions 256n + 1 to 256n + 256): a flush adds one run per tenant and
-- chunk, and the runs of a full chunk become one. 32 bytes of leaf hash, 16 of salt and 32 of body hash per leaf. A salt of zeros:
-- the event's body was erased; leaf hash and body hash stay and keep every proof valid.
create table ledger.log_leaves (
    tenant_id      varchar not null,
    first_position bigint  not null check (first_position > 0),
    hashes         bytea   not null check (octet_length(hashes) between 32 and 8192),
    salts          bytea   not null check (octet_length(salts) * 2 = octet_length(hashes)),
    body_hashes    bytea   not null check (octet_length(body_hashes) = octet_length(hashes)),
    primary key (tenant_id, first_position)
);
-- Hashes and random numbers do not compress.
alter table ledger.log_leaves alter hashes set storage external, alter salts set storage external, alter body_hashes set storage external;

-- Levels 1 and up of the tiles, 256 hashes each; the last of a level grows. Level 0 is in log_leaves.
create table ledger.log_tiles (
    tenant_id varchar  not null,
    level     smallint not null check (level > 0),
    tile      bigint   not null,
    hashes    bytea    not null check (octet_length(hashes) between 32 and 8192),
    primary key (tenant_id, level, tile)
);
alter table ledger.log_tiles alter hashes set storage external;

-- Signed notes, as published. None is ever changed or deleted.
create table ledger.log_checkpoints (
    tenant_id varchar     not null,
    size      bigint      not null,
    root      bytea       not null check (octet_length(root) = 32),
    note      text        not null,
    made_at   timestamptz not null default clock_timestamp(),
    primary key (tenant_id, size)
);

-- Every key that ever signed a checkpoint. The private part is here only for keys the service made itself, and only while they sign.
create table ledger.log_keys (
    name        varchar     not null,
    public_key  bytea       not null,   -- SubjectPublicKeyInfo, DER
    private_key bytea,                  -- PKCS #8, DER; null: the key is in the configuration, or has retired
    added_at    timestamptz not null default clock_timestamp(),
    retires_at  timestamptz,            -- null: signs until further notice
    primary key (name, public_key)
);

-- Proofs are asked for by event id, too. Ids are UUIDv7: new ones go to the right end of the index.
create index ix_mt_events_id on ledger.mt_events (id);
