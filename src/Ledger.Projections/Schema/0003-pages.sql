-- What keeps the cost of a page that of the page (docs/adr/0014): which numbers hold nothing newer than a time, which numbers
-- hold nothing at all, and a record by its number in two reads.

-- Whether the item has a row in `items`: most of a queue is untouched, and a page need not look for what is not there.
alter table ledger.pending add touched boolean not null default false;
update ledger.pending p set touched = true
  from ledger.items i where i.tenant_id = p.tenant_id and i.system_id = p.system_id and i.record_id = p.record_id;

-- By B-tree a record costs four or five reads at ten million; by hash the bucket and the row, at any size.
create index records_by_hash on ledger.records using hash (hashtextextended(tenant_id, number));

-- Whether an item of a run of numbers was exported after a time is told by the index alone; only what was is read. `changed_at` has an
-- index, so no update of an item is heap-only anyway.
create index items_in_order on ledger.items (tenant_id, system_id, number, exported_since) where exported_since is not null;
drop index ledger.items_by_number;

-- An upper bound of `exported_since` for every block of 64 (level 1), 64² (2) and 64³ (3) numbers, in whole minutes: within a
-- minute a block is written once, whatever is exported in it. A re-open leaves it as it is.
create table ledger.number_blocks (
    tenant_id varchar     not null,
    system_id varchar     not null,
    level     smallint    not null,
    block     bigint      not null,   -- number >> 6 * level
    newest    timestamptz not null,
    primary key (tenant_id, system_id, level, block)
) with (fillfactor = 70);
create index number_blocks_newest on ledger.number_blocks (newest) where level = 2;   -- where rows of `pending` were deleted lately

create function ledger.next_minute(value timestamptz) returns timestamptz language sql immutable parallel safe as
$$ select date_trunc('minute', value at time zone 'UTC') at time zone 'UTC' + interval '1 minute' $$;

insert into ledger.number_blocks (tenant_id, system_id, level, block, newest)
select i.tenant_id, i.system_id, l.level, i.number >> 6 * l.level, max(ledger.next_minute(i.exported_since))
  from ledger.items i cross join generate_series(1, 3) as l (level)
 where i.exported_since is not null group by 1, 2, 3, 4;

-- Runs of 512 numbers without an offered row, which index entries of deleted rows fill: skipping one saves reading those. A row
-- here is a hint that holds once `confirmed`; without it a page costs more and says the same.
create table ledger.queue_gaps (
    tenant_id varchar     not null,
    system_id varchar     not null,
    block     bigint      not null,   -- number >> 9
    noted_at  timestamptz not null default now(),
    barrier   xid8,                   -- whatever was in flight when the gap was noted has a lower transaction id
    confirmed boolean     not null default false,
    primary key (tenant_id, system_id, block)
) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- Whoever offers a record takes back the gap it falls into, in the same transaction. In block order, for two that meet.
create function ledger.void_gaps() returns trigger language plpgsql as $$
begin
    if exists (select from ledger.queue_gaps) then
        perform from ledger.queue_gaps g
          where (g.tenant_id, g.system_id, g.block) in (select o.tenant_id, o.system_id, o.number >> 9 from offered o where o.ready_since is not null)
          order by g.tenant_id, g.system_id, g.block for update;
        if found then
            delete from ledger.queue_gaps g
             where (g.tenant_id, g.system_id, g.block) in (select o.tenant_id, o.system_id, o.number >> 9 from offered o where o.ready_since is not null);
        end if;
    end if;
    return null;
end $$;
create trigger pending_offered_again after update on ledger.pending referencing new table as offered for each statement execute function ledger.void_gaps();
create trigger pending_offered_anew after insert on ledger.pending referencing new table as offered for each statement execute function ledger.void_gaps();

-- Below and in every function that reads for a page: a plan for everybody. One made for a system or a tenant of which the statistics know
-- nothing yet takes any index that starts with its name.
create function ledger.items_of(tenant varchar, system varchar, records varchar[]) returns setof ledger.items language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
begin
    return query select i.* from unnest(records) as u (id)
       cross join lateral (select * from ledger.items x where x.tenant_id = tenant and x.system_id = system and x.record_id = u.id offset 0) i;
end $$;

create function ledger.attempts_of(tenant varchar, ids bigint[]) returns setof ledger.attempts language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
begin
    return query select a.* from unnest(ids) as u (id)
       cross join lateral (select * from ledger.attempts x where x.tenant_id = tenant and x.attempt_id = u.id offset 0) a;
end $$;

-- The first `wanted` rows of a queue with numbers after `after`, up to `until`; gaps left out.
create function ledger.offered(tenant varchar, system varchar, after bigint, until bigint, wanted bigint)
returns table (number bigint, touched boolean) language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
declare
    place bigint := after;
    gap   bigint;
    got   bigint;
begin
    for gap in select g.block from ledger.queue_gaps g
                where g.tenant_id = tenant and g.system_id = system and g.confirmed and g.block between after >> 9 and until >> 9 order by g.block loop
        if place < (gap << 9) - 1 then
            return query select p.number, p.touched from ledger.pending p
                          where p.tenant_id = tenant and p.system_id = system and p.ready_since is not null and p.number > place and p.number < gap << 9
                          order by p.number limit wanted;
            get diagnostics got = row_count;
            wanted := wanted - got;
            if wanted <= 0 then return; end if;
        end if;
        place := greatest(place, gap << 9 | 511);
    end loop;
    if place < until then
        return query select p.number, p.touched from ledger.pending p
                      where p.tenant_id = tenant and p.system_id = system and p.ready_since is not null and p.number > place and p.number <= until
                      order by p.number limit wanted;
    end if;
end $$;

-- The same between `place` and `last`, with what was exported after a time between `first` and `last`: those with their items. Items first:
-- when they fill the page, the last of them is as far as the queue has to be read.
create function ledger.offered_or_exported(tenant varchar, system varchar, since timestamptz, place bigint, first bigint, last bigint, wanted bigint)
returns table (number bigint, touched boolean, item ledger.items) language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
begin
    return query
        with exported as materialized (
          select i from ledger.items i
           where i.tenant_id = tenant and i.system_id = system and i.number > place and i.number between first and last and i.exported_since > since
           order by i.number limit wanted)
        select f.number, f.touched, f.item from (
          select (e.i).number, true as touched, e.i as item from exported e
          union all
          select o.number, o.touched, null from ledger.offered(tenant, system, place,
                 case when (select count(*) from exported) < wanted then last else (select max((e.i).number) from exported e) end, wanted) o) f
         order by f.number limit wanted;
end $$;

-- The first `wanted` rows after a number that are in a queue, or were exported after a time. Blocks that lie near each other are
-- read in one go, up to eight of them: to step over a few others in the index costs less than to look again.
create function ledger.offered_since(tenant varchar, system varchar, since timestamptz, after bigint, wanted bigint)
returns table (number bigint, touched boolean, item ledger.items) language plpgsql stable rows 100 set plan_cache_mode = force_generic_plan as $$
declare
    place  bigint := after;
    high   bigint;
    middle bigint;
    low    bigint;
    first  bigint;
    last   bigint;
    held   int;
    got    bigint;
begin
    for high in select b.block from ledger.number_blocks b
                 where b.tenant_id = tenant and b.system_id = system and b.level = 3 and b.block >= after >> 18 and b.newest > since order by b.block loop
        for middle in select b.block from ledger.number_blocks b
                       where b.tenant_id = tenant and b.system_id = system and b.level = 2 and b.block between greatest(high << 6, after >> 12) and high << 6 | 63 and b.newest > since
                       order by b.block loop
            first := null;
            for low in select b.block from ledger.number_blocks b
                        where b.tenant_id = tenant and b.system_id = system and b.level = 1 and b.block between greatest(middle << 6, after >> 6) and middle << 6 | 63 and b.newest > since
                        order by b.block loop
                if first is not null and (low > last + 16 or held = 8) then
                    return query select * from ledger.offered_or_exported(tenant, system, since, place, first << 6, last << 6 | 63, wanted);
                    get diagnostics got = row_count;
                    wanted := wanted - got;
                    if wanted <= 0 then return; end if;
                    place := last << 6 | 63;
                    first := null;
                end if;
                held := case when first is null then 1 else held + 1 end;
                first := coalesce(first, low);
                last := low;
            end loop;
            if first is not null then
                return query select * from ledger.offered_or_exported(tenant, system, since, place, first << 6, last << 6 | 63, wanted);
                get diagnostics got = row_count;
                wanted := wanted - got;
                if wanted <= 0 then return; end if;
                place := last << 6 | 63;
            end if;
        end loop;
    end loop;
    return query select o.number, o.touched, null::ledger.items from ledger.offered(tenant, system, place, 9223372036854775807, wanted) o;
end $$;
