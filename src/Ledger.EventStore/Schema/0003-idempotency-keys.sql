-- One row per idempotency key that had an effect: written in the transaction of the events themselves, so that a key
-- without its effect, or an effect without its key, cannot exist. The fingerprint stays for ever; the answer for a week.
create table ledger.idempotency_keys (
    tenant_id    varchar     not null,
    client_id    varchar     not null,
    route        varchar     not null,   -- method and route pattern
    key          varchar     not null,
    fingerprint  bytea       not null,   -- SHA-256 of path, query and canonical body
    status       smallint    not null,
    headers      jsonb       not null,
    body         bytea,                  -- null once it is older than a week
    created_at   timestamptz not null default clock_timestamp(),
    primary key (tenant_id, client_id, route, key)
);
create index idempotency_keys_with_body on ledger.idempotency_keys (created_at) where body is not null;
