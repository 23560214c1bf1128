-- As event-store/0007: rows of another tenant are not there for any role but the owner.
alter table ledger.tenants enable row level security;
alter table ledger.clients enable row level security;

create policy own_tenant on ledger.tenants using (tenant_id = current_setting('ledger.tenant', true));
create policy own_tenant on ledger.clients using (tenant_id = current_setting('ledger.tenant', true));
