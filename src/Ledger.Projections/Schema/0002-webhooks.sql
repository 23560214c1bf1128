-- Webhooks (docs/webhooks.md, docs/adr). Subscriptions and secrets are configuration; deliveries are an outbox, written in the
-- transaction that moves the runner's checkpoint over the sealed events they announce.
create table ledger.webhook_subscriptions (
    tenant_id       varchar     not null,
    subscription_id varchar     not null,
    client_id       varchar     not null,   -- who made it, and whose secrets sign for it
    group_id        varchar,
    url             varchar     not null,
    status          varchar     not null check (status in ('ACTIVE', 'INACTIVE', 'ERROR')),
    created_at      timestamptz not null,
    changed_at      timestamptz not null,
    primary key (tenant_id, subscription_id)
);
create index webhook_subscriptions_active on ledger.webhook_subscriptions (tenant_id, subscription_id) where status = 'ACTIVE';

-- Announced is what the tenant's history holds after `since_position`.
create table ledger.webhook_event_types (
    tenant_id       varchar not null,
    subscription_id varchar not null,
    event_type      varchar not null,
    ordinal         int     not null,
    since_position  bigint  not null,
    primary key (tenant_id, subscription_id, event_type),
    foreign key (tenant_id, subscription_id) references ledger.webhook_subscriptions on delete cascade
);

-- Signing takes the secret itself, so a hash would not do.
create table ledger.webhook_secrets (
    tenant_id  varchar     not null,
    client_id  varchar     not null,
    secret     bytea       not null check (octet_length(secret) = 32),
    created_at timestamptz not null,
    revoke_at  timestamptz,                -- null: the active one; else it signs along until then
    primary key (tenant_id, client_id, secret)
);
create unique index webhook_secrets_one_active on ledger.webhook_secrets (tenant_id, client_id) where revoke_at is null;

create table ledger.webhook_deliveries (
    tenant_id       varchar     not null,
    delivery_id     varchar     not null,   -- the Webhook-Id; ordered by creation
    subscription_id varchar     not null,
    event_type      varchar     not null,
    body            bytea       not null,
    status          varchar     not null check (status in ('pending', 'delivered', 'failed')),
    attempts        int         not null default 0,
    round           int         not null default 0,   -- attempts since it was created or last re-sent: the place in the schedule
    created_at      timestamptz not null,
    next_attempt_at timestamptz,
    delivered_at    timestamptz,
    primary key (tenant_id, delivery_id),
    foreign key (tenant_id, subscription_id) references ledger.webhook_subscriptions on delete cascade
) with (fillfactor = 80);
create index webhook_deliveries_due on ledger.webhook_deliveries (tenant_id, subscription_id, next_attempt_at) where status = 'pending';
create index webhook_deliveries_of_subscription on ledger.webhook_deliveries (tenant_id, subscription_id, delivery_id);
create index webhook_deliveries_done on ledger.webhook_deliveries (created_at) where status <> 'pending';

create table ledger.webhook_attempts (
    tenant_id    varchar     not null,
    delivery_id  varchar     not null,
    number       int         not null,
    attempted_at timestamptz not null,
    duration_ms  int         not null,
    status_code  int,        -- null: there was no answer
    error        varchar,    -- null: it was accepted
    primary key (tenant_id, delivery_id, number),
    foreign key (tenant_id, delivery_id) references ledger.webhook_deliveries on delete cascade
);

-- One row. The epoch fences, as the sealer's does; everything up to `sequence` has been announced.
create table ledger.webhook_runner (
    singleton boolean primary key default true check (singleton),
    epoch     bigint  not null default 0,
    sequence  bigint  not null
) with (fillfactor = 70);
insert into ledger.webhook_runner (sequence) select sequence from ledger.sealer;
