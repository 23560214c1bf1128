-- A filter on the platform's times that keeps few records of many finds those first, and looks for them in the queue (docs/adr/0014).
-- The number is in the index, so that whoever counts and sorts them reads nothing else.
create index records_by_creation on ledger.records (tenant_id, created_at, number) where ready_since is not null;
create index records_by_update on ledger.records (tenant_id, updated_at, number) where ready_since is not null;

-- Numbers after `after` of ready records that were created in one of some runs of time or updated in one of others, in order; null where the runs hold more than
-- `most`. Both ends belong to a run.
create function ledger.numbers_within(tenant varchar, created_from timestamptz[], created_to timestamptz[], updated_from timestamptz[], updated_to timestamptz[], after bigint, most bigint)
returns bigint[] language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
    found bigint[] := '{}';
begin
    for place in 1 .. cardinality(created_from) loop
        found := found || array(select r.number from ledger.records r
                                 where r.tenant_id = tenant and r.ready_since is not null and r.created_at >= created_from[place] and r.created_at <= created_to[place]
                                 limit most + 1 - cardinality(found));
        if cardinality(found) > most then return null; end if;
    end loop;
    for place in 1 .. cardinality(updated_from) loop
        found := found || array(select r.number from ledger.records r
                                 where r.tenant_id = tenant and r.ready_since is not null and r.updated_at >= updated_from[place] and r.updated_at <= updated_to[place]
                                 limit most + 1 - cardinality(found));
        if cardinality(found) > most then return null; end if;
    end loop;
    return array(select distinct f.number from unnest(found) as f (number) where f.number > after order by 1);
end $$;

-- The first `wanted` of some numbers, which come in order, that are in a queue or, where `since` is given, were exported after it. Numbers that lie near each other
-- are read in one go, the others one by one.
create function ledger.offered_among(tenant varchar, system varchar, since timestamptz, numbers bigint[], after bigint, wanted bigint)
returns table (number bigint, touched boolean, item ledger.items) language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
declare
    place int := 1 + (select count(*) from unnest(numbers) as n (number) where n.number <= after);
    part  bigint[];
    low   bigint;
    high  bigint;
    got   bigint;
begin
    while wanted > 0 and place <= cardinality(numbers) loop
        part := numbers[place : place + 63];
        low := part[1];
        high := part[cardinality(part)];
        if high - low < 256 then
            return query select f.number, f.touched, null::ledger.items
                           from (select p.number, p.touched from ledger.pending p
                                  where p.tenant_id = tenant and p.system_id = system and p.ready_since is not null and p.number between low and high
                                 union all
                                 select i.number, true from ledger.items i
                                  where since is not null and i.tenant_id = tenant and i.system_id = system and i.number between low and high and i.exported_since > since) f
                          where f.number + 0 = any (part) order by f.number limit wanted;
        else
            return query select u.number, f.touched, null::ledger.items from unnest(part) as u (number)
                          cross join lateral (
                            select p.touched from ledger.pending p
                             where p.tenant_id = tenant and p.system_id = system and p.ready_since is not null and p.number = u.number
                            union all
                            select true from ledger.items i
                             where since is not null and i.tenant_id = tenant and i.system_id = system and i.number = u.number and i.exported_since > since offset 0) f
                          order by u.number limit wanted;
        end if;
        get diagnostics got = row_count;
        wanted := wanted - got;
        place := place + 64;
    end loop;
end $$;
