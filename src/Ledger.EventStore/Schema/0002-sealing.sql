-- Two dense numbers for every committed event (docs/adr/0004): `sequence` over the whole ledger, which internal readers
-- follow, and `position` inside the tenant, which is all a tenant ever sees.
create table ledger.event_positions (
    sequence  bigint  not null primary key,
    seq_id    bigint  not null unique,
    tenant_id varchar not null,
    position  bigint  not null,
    unique (tenant_id, position)
);

create table ledger.tenant_heads (
    tenant_id varchar primary key,
    position  bigint  not null
) with (fillfactor = 70);

-- One row. The epoch fences: a sealer that lost its leadership while frozen finds another epoch here and writes nothing.
-- Every event with seq_id <= settled_seq_id is sealed or will never exist.
create table ledger.sealer (
    singleton      boolean primary key default true check (singleton),
    epoch          bigint  not null default 0,
    sequence       bigint  not null default 0,
    settled_seq_id bigint  not null default 0
) with (fillfactor = 70);
insert into ledger.sealer default values;
