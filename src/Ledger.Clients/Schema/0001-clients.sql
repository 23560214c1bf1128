-- Who may call, and with what. Credentials are found before the tenant is known, so the keys of the three lower tables do
-- not start with the tenant: a credential names its client, the client names its tenant.
-- No credential is stored: each hash is the SHA-256 of 256 random bits, which nobody can turn back (Credential.cs).
create table ledger.tenants (
    tenant_id       varchar     primary key check (tenant_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
    name            varchar     not null,
    organization_id varchar     not null,   -- the platform's own name for the tenant, shown by the dialects that have one
    created_at      timestamptz not null default now()
);

create table ledger.clients (
    client_id         varchar     primary key,
    tenant_id         varchar     not null references ledger.tenants,
    name              varchar     not null,
    default_system_id varchar     not null,   -- the target system of dialects whose calls name none
    scopes            varchar[]   not null,
    secret_hash       bytea       not null check (octet_length(secret_hash) = 32),
    created_at        timestamptz not null default now(),
    revoked_at        timestamptz
);
create index ix_clients_tenant on ledger.clients (tenant_id, created_at);

create table ledger.api_keys (
    key_hash   bytea       primary key check (octet_length(key_hash) = 32),
    client_id  varchar     not null references ledger.clients,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);
create index ix_api_keys_client on ledger.api_keys (client_id);

create table ledger.access_tokens (
    token_hash bytea       primary key check (octet_length(token_hash) = 32),
    client_id  varchar     not null references ledger.clients,
    scopes     varchar[]   not null,
    issued_at  timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index ix_access_tokens_client on ledger.access_tokens (client_id);
create index ix_access_tokens_expiry on ledger.access_tokens (expires_at);
