-- A second line of defence (docs/adr/0020): a statement that forgot its tenant finds nothing and writes nothing. It holds for every role but the
-- owner of the tables, whose background work crosses tenants; requests run as another role, which the start of the service prepares (RowSecurity.cs).
-- A session that has named no tenant is nobody's: current_setting is null then, or empty once a transaction that had one is over.
alter table ledger.mt_streams enable row level security;
alter table ledger.mt_events enable row level security;
alter table ledger.event_positions enable row level security;
alter table ledger.tenant_heads enable row level security;
alter table ledger.idempotency_keys enable row level security;
alter table ledger.recorded_order enable row level security;
alter table ledger.log_heads enable row level security;
alter table ledger.log_leaves enable row level security;
alter table ledger.log_tiles enable row level security;
alter table ledger.log_checkpoints enable row level security;

create policy own_tenant on ledger.mt_streams using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.mt_events using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.event_positions using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.tenant_heads using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.idempotency_keys using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.recorded_order using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.log_heads using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.log_leaves using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.log_tiles using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.log_checkpoints using (tenant_id = current_setting('ledger.tenant', true));

-- Names the tenant of this transaction. A procedure, because a call travels in front of a statement without a result of its own.
create procedure ledger.act_for(tenant varchar) language plpgsql as $$
begin
    perform set_config('ledger.tenant', tenant, true);
end $$;
