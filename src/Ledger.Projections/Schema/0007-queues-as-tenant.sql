-- Records by their numbers, for pages of a queue (docs/adr/0014, 0020). The hash index is found by a function that might leak, so row-level security would not
-- let a request use it: the owner looks. It takes no tenant: whose records they are is what the transaction has named, so a forged or a forgotten one finds nothing.
create function ledger.records_of(numbers bigint[]) returns setof ledger.records language plpgsql stable rows 100
    security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    tenant varchar := current_setting('ledger.tenant', true);
begin
    -- The arithmetic keeps the planner from the index by tenant and number, which takes twice the reads.
    return query select r.* from unnest(numbers) as u (number)
       cross join lateral (select * from ledger.records x
                            where hashtextextended(x.tenant_id, x.number) = hashtextextended(tenant, u.number) and x.number + 0 = u.number and x.tenant_id || '' = tenant offset 0) r;
end $$;

-- What a filter or an order of a page looks at, of thousands of records of which few are wanted: a whole row is twenty times as wide.
create function ledger.times_of(numbers bigint[]) returns table (number bigint, created_at timestamptz, updated_at timestamptz, ready_since timestamptz) language plpgsql stable rows 100
    security definer set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    tenant varchar := current_setting('ledger.tenant', true);
begin
    return query select u.number, r.created_at, r.updated_at, r.ready_since from unnest(numbers) as u (number)
       cross join lateral (select x.created_at, x.updated_at, x.ready_since from ledger.records x
                            where hashtextextended(x.tenant_id, x.number) = hashtextextended(tenant, u.number) and x.number + 0 = u.number and x.tenant_id || '' = tenant offset 0) r;
end $$;
revoke execute on function ledger.records_of(bigint[]), ledger.times_of(bigint[]) from public;
