-- Read models, committed with the events they are made from (docs/adr/0003). Every one can be rebuilt from the events.

-- One row per record.
create table ledger.records (
    tenant_id      varchar     not null,
    record_id      varchar     not null,
    number         bigint      not null,
    uuid           uuid        not null,
    kind           varchar     not null,
    source_type    varchar     not null,
    stage          varchar     not null,
    withdrawn      boolean     not null,
    amount_minor   bigint      not null,
    currency       varchar     not null,
    posted_at      timestamptz not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    text           varchar,
    account        varchar,
    contra_account varchar,
    details        jsonb       not null,   -- lines, counterparty, user, files, facets
    content_hash   varchar     not null,
    version        bigint      not null,
    registered_at  timestamptz not null,
    revised_at     timestamptz not null,
    changed_at     timestamptz not null,
    ready_since    timestamptz,            -- null: not ready, or withdrawn
    primary key (tenant_id, record_id),
    constraint records_number_is_unique unique (tenant_id, number),
    constraint records_uuid_is_unique unique (tenant_id, uuid)
);
create index records_ready on ledger.records (tenant_id, number) where ready_since is not null;
create index records_changed on ledger.records (tenant_id, changed_at, record_id);

-- Numbers drawn for records whose id is no number.
create table ledger.record_numbers (
    tenant_id varchar primary key,
    next      bigint not null
) with (fillfactor = 70);

-- One row per record and system in which anything ever happened. No row: untouched.
create table ledger.items (
    tenant_id        varchar     not null,
    system_id        varchar     not null,
    record_id        varchar     not null,
    number           bigint      not null,
    version          bigint      not null,
    exported_since   timestamptz,
    last_exported_at timestamptz,
    external_id      varchar,
    external_url     varchar,
    reported_at      timestamptz,
    note             varchar,
    attempt_id       bigint,      -- the latest attempt
    failure_type     varchar,
    failure_reason   varchar,
    failure_at       timestamptz,
    changed_at       timestamptz not null,
    primary key (tenant_id, system_id, record_id)
) with (fillfactor = 80);
-- Not exported_since: an export of a known item should stay a heap-only update.
create index items_by_number on ledger.items (tenant_id, system_id, number);
create index items_changed on ledger.items (tenant_id, system_id, changed_at);

-- One row per try to export an item that was opened by a job or an accounting export.
create table ledger.attempts (
    tenant_id      varchar     not null,
    attempt_id     bigint      not null,
    system_id      varchar     not null,
    record_id      varchar     not null,
    job_id         uuid,
    ordinal        int         not null,
    status         varchar     not null,
    opened_by      varchar     not null,
    opened_at      timestamptz not null,
    changed_at     timestamptz not null,
    external_id    varchar,
    external_url   varchar,
    reported_at    timestamptz,
    note           varchar,
    failure_type   varchar,
    failure_reason varchar,
    failure_at     timestamptz,
    primary key (tenant_id, attempt_id)
) with (fillfactor = 80);
create index attempts_of_job on ledger.attempts (tenant_id, job_id, ordinal) where job_id is not null;
create index attempts_newest on ledger.attempts (tenant_id, opened_at desc, attempt_id);
create index attempts_of_record on ledger.attempts (tenant_id, record_id);

-- One row per job; its counts are kept, never counted.
create table ledger.jobs (
    tenant_id                varchar     not null,
    job_id                   uuid        not null,
    version                  bigint      not null,
    status                   varchar     not null,
    system_id                varchar     not null,
    origin                   varchar     not null,
    batch_id                 varchar,
    created_by               uuid,
    is_interactive           boolean     not null,
    vendor_based_bookkeeping boolean     not null,
    number_of_items          int         not null,
    created_at               timestamptz not null,
    started_at               timestamptz,
    completed_at             timestamptz,
    expired_at               timestamptz,
    failure_type             varchar,
    failure_reason           varchar,
    changed_at               timestamptz not null,
    last_updated_at          timestamptz not null,   -- last event of the job, or last report that changed one of its items
    pending                  int         not null,
    in_progress              int         not null,
    successful               int         not null,
    failed                   int         not null,
    abandoned                int         not null,
    cancelled                int         not null,
    primary key (tenant_id, job_id)
) with (fillfactor = 70);
create index jobs_by_creation on ledger.jobs (tenant_id, created_at, job_id);
create unique index jobs_by_batch on ledger.jobs (tenant_id, batch_id) where batch_id is not null;
create unique index jobs_one_unfinished on ledger.jobs (tenant_id) where origin = 'export_jobs' and status in ('pending', 'in_progress');
create index jobs_unfinished on ledger.jobs (last_updated_at) where status in ('pending', 'in_progress');

-- Target systems seen. `offered_through` null: every record has its row in `pending`; else the highest number that has.
create table ledger.systems (
    tenant_id       varchar     not null,
    system_id       varchar     not null,
    first_seen_at   timestamptz not null default now(),
    offered_through bigint,
    primary key (tenant_id, system_id)
);

-- The queue of a system: one row per record that is not exported there. Export deletes the row, re-open inserts it.
create table ledger.pending (
    tenant_id   varchar not null,
    system_id   varchar not null,
    number      bigint  not null,
    record_id   varchar not null,
    ready_since timestamptz,   -- null: the record is not ready, the row is not offered
    primary key (tenant_id, system_id, number)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index pending_offered on ledger.pending (tenant_id, system_id, number) where ready_since is not null;
create index pending_oldest on ledger.pending (tenant_id, system_id, ready_since) where ready_since is not null;

-- Counts per system, spread over slots so that concurrent reports do not wait for one row; a count is their sum.
create table ledger.system_counts (
    tenant_id varchar  not null,
    system_id varchar  not null,
    slot      smallint not null,
    offered   bigint   not null,
    exported  bigint   not null,
    failed    bigint   not null,
    primary key (tenant_id, system_id, slot)
) with (fillfactor = 50);

-- Partner connections of the accounting-records API; at most one is active.
create table ledger.integrations (
    tenant_id         varchar     not null,
    integration_id    varchar     not null,
    version           bigint      not null,
    vendor            varchar     not null,
    vendor_account_id varchar     not null,
    active            boolean     not null,
    connected_at      timestamptz not null,
    primary key (tenant_id, integration_id)
);
create unique index integrations_one_active on ledger.integrations (tenant_id) where active;
