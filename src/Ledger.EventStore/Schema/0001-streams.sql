-- The event store in Marten 9's on-disk format (string stream ids, conjoined tenancy, correlation, causation, headers),
-- so that an application with Marten in hand can read every stream. docs/adr/0001 tells why Marten itself is not used.

create table ledger.mt_streams (
    tenant_id   varchar     not null default '*DEFAULT*',
    id          varchar     not null,
    type        varchar,
    version     bigint,
    "timestamp" timestamptz not null default now(),
    created     timestamptz not null default now(),
    is_archived boolean     default false,
    constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 70);   -- every append updates one of these rows: free space on the page keeps the update HOT

create sequence ledger.mt_events_sequence as bigint cache 1;

create table ledger.mt_events (
    seq_id         bigint      not null default nextval('ledger.mt_events_sequence'),
    id             uuid        not null,
    stream_id      varchar,
    version        bigint      not null,
    data           jsonb       not null,
    bdata          bytea,
    type           varchar(500) not null,
    "timestamp"    timestamptz not null default now(),
    tenant_id      varchar     default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    is_archived    boolean     default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint ix_mt_events_stream_and_version unique (tenant_id, stream_id, version)
);
alter sequence ledger.mt_events_sequence owned by ledger.mt_events.seq_id;

-- Marten's checkpoints. Ours count sealed positions and live elsewhere; the table is here because a reader expects it.
create table ledger.mt_event_progression (
    name         varchar primary key,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp()
);

-- One append: any number of streams, all or nothing. Existing streams are locked first, then new ones are created, both in
-- id order: no two appends can wait for each other in a circle. Events draw their seq_id only after that, when the
-- transaction owns an xid and no earlier version of their streams is undecided: the sealer rests on both (docs/adr/0004).
-- A plan made while the tables are small must not stay when they have grown: every access below goes through the primary
-- key, row by row, whatever the statistics say.
create function ledger.append(
    tenant varchar, stream_ids varchar[], stream_types varchar[], expected_versions bigint[], added_counts bigint[], clock_override timestamptz,
    event_ids uuid[], event_streams varchar[], event_versions bigint[], event_types varchar[], dotnet_types varchar[], bodies jsonb[],
    correlation varchar, causation varchar, event_headers jsonb)
returns timestamptz language plpgsql volatile set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    held     bigint;
    created  bigint;
    latest   timestamptz;
    recorded timestamptz;
begin
    select count(*), max(s."timestamp") into held, latest
      from (select id, expected from unnest(stream_ids, expected_versions) as t (id, expected) where expected > 0 order by id) as i
           cross join lateral (
             select m."timestamp" from ledger.mt_streams m where m.tenant_id = tenant and m.id = i.id and m.version = i.expected for update) as s;

    -- The time comes after the locks: inside a stream it never runs backwards, not even when the server's clock is set back.
    recorded := greatest(coalesce(clock_override, clock_timestamp()), latest);

    insert into ledger.mt_streams (tenant_id, id, type, version, "timestamp", created)
    select tenant, id, type, added, recorded, recorded
      from unnest(stream_ids, stream_types, expected_versions, added_counts) as i (id, type, expected, added)
     where expected = 0 order by id
    on conflict do nothing;
    get diagnostics created = row_count;

    if held + created <> cardinality(stream_ids) then
        raise exception using errcode = 'LV001', message = 'a stream is not at its expected version';
    end if;

    -- These rows exist and are ours; "on conflict" is the update that needs no join.
    insert into ledger.mt_streams (tenant_id, id, type, version, "timestamp", created)
    select tenant, id, type, expected + added, recorded, recorded
      from unnest(stream_ids, stream_types, expected_versions, added_counts) as i (id, type, expected, added)
     where expected > 0 and added > 0
    on conflict (tenant_id, id) do update set version = excluded.version, "timestamp" = excluded."timestamp";

    insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, causation_id, headers)
    select id, stream_id, version, data, type, recorded, tenant, dotnet_type, correlation, causation, event_headers
      from unnest(event_ids, event_streams, event_versions, event_types, dotnet_types, bodies) with ordinality
           as e (id, stream_id, version, type, dotnet_type, data, ordinal)
     order by ordinal;

    perform set_config('ledger.recorded_at', recorded::text, true);
    return recorded;
end $$;

-- The recorded time of the append that runs in this transaction, for the inline read models that follow it.
create function ledger.recorded_at() returns timestamptz language sql stable as
$$ select current_setting('ledger.recorded_at')::timestamptz $$;

-- Sentinel of a value that is to become the recorded time: read models are computed before the time is known.
create function ledger.at_commit(value timestamptz) returns timestamptz language sql stable as
$$ select case when value = 'infinity' then current_setting('ledger.recorded_at')::timestamptz else value end $$;
