-- One append of several writers (docs/adr/0013): each event says which writer's correlation, causation and headers it
-- carries. Everything Schema/0001 says about the order of locks, times and numbers holds here too. The function of 0001
-- stays for processes of the version before, which may still run while this script is applied.
-- New: the lock remembers where each row lies, so that writing its new version needs no second descent of the index. Nobody can
-- move a locked row; should that ever fail, the count refuses the append.
create function ledger.append(
    tenant varchar, stream_ids varchar[], stream_types varchar[], expected_versions bigint[], added_counts bigint[], clock_override timestamptz,
    event_ids uuid[], event_streams varchar[], event_versions bigint[], event_types varchar[], dotnet_types varchar[], bodies jsonb[], event_writers int[],
    correlations varchar[], causations varchar[], writer_headers jsonb[])
returns timestamptz language plpgsql volatile set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
    held     bigint;
    created  bigint;
    moved    bigint;
    latest   timestamptz;
    recorded timestamptz;
    places   tid[];
    versions bigint[];
begin
    select count(*), max(s."timestamp"), array_agg(s.place) filter (where i.added > 0), array_agg(i.expected + i.added) filter (where i.added > 0)
      into held, latest, places, versions
      from (select id, expected, added from unnest(stream_ids, expected_versions, added_counts) as t (id, expected, added) where expected > 0 order by id) as i
           cross join lateral (
             select m.ctid as place, m."timestamp" from ledger.mt_streams m where m.tenant_id = tenant and m.id = i.id and m.version = i.expected for update) as s;

    -- The time comes after the locks: inside a stream it never runs backwards, not even when the server's clock is set back.
    recorded := greatest(coalesce(clock_override, clock_timestamp()), latest);

    created := 0;
    if held < cardinality(stream_ids) then
        insert into ledger.mt_streams (tenant_id, id, type, version, "timestamp", created)
        select tenant, id, type, added, recorded, recorded
          from unnest(stream_ids, stream_types, expected_versions, added_counts) as i (id, type, expected, added)
         where expected = 0 order by id
        on conflict do nothing;
        get diagnostics created = row_count;
    end if;

    if held + created <> cardinality(stream_ids) then
        raise exception using errcode = 'LV001', message = 'a stream is not at its expected version';
    end if;

    if places is not null then
        update ledger.mt_streams s set version = l.version, "timestamp" = recorded from unnest(places, versions) as l (place, version) where s.ctid = l.place;
        get diagnostics moved = row_count;
        if moved <> cardinality(places) then
            raise exception using errcode = 'LV001', message = 'a stream is not where it was locked';
        end if;
    end if;

    insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, causation_id, headers)
    select id, stream_id, version, data, type, recorded, tenant, dotnet_type, correlations[writer], causations[writer], writer_headers[writer]
      from unnest(event_ids, event_streams, event_versions, event_types, dotnet_types, bodies, event_writers) with ordinality
           as e (id, stream_id, version, type, dotnet_type, data, writer, ordinal)
     order by ordinal;

    perform set_config('ledger.recorded_at', recorded::text, true);
    return recorded;
end $$;
