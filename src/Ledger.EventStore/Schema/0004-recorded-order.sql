-- From a moment to a position (docs/adr/0012). Recorded times run nearly, not quite, in the order of positions, so the
-- question "what was recorded up to T" is answered by the latest recorded time among the positions 1 .. n, which never falls.

-- One row per 256 positions of a tenant: where in the history a moment lies is found by one look here and at most 256 events.
create table ledger.recorded_order (
    tenant_id varchar     not null,
    position  bigint      not null,   -- a multiple of 256
    latest    timestamptz not null,   -- the latest recorded time of the positions 1 .. position
    primary key (tenant_id, position)
);
create unique index recorded_order_by_time on ledger.recorded_order (tenant_id, latest, position);

-- `latest` of the whole history, and in microseconds the farthest any event was recorded before `latest` of the positions
-- before it: whatever follows position n was recorded at or after (latest of 1 .. n) - back_step.
alter table ledger.tenant_heads add column latest timestamptz, add column back_step bigint not null default 0;

create temporary table recorded_so_far on commit drop as
select p.tenant_id, p.position, e."timestamp" as recorded, max(e."timestamp") over (partition by p.tenant_id order by p.position) as latest
  from ledger.event_positions p join ledger.mt_events e on e.seq_id = p.seq_id;

insert into ledger.recorded_order (tenant_id, position, latest) select tenant_id, position, latest from recorded_so_far where position % 256 = 0;

update ledger.tenant_heads h set latest = s.latest, back_step = s.back_step
  from (select tenant_id, max(latest) as latest, (max(extract(epoch from latest - recorded)) * 1000000)::bigint as back_step from recorded_so_far group by tenant_id) s
 where s.tenant_id = h.tenant_id;

-- A sealer of an earlier version does not keep these: its next batch fails here, and a newer process takes over.
alter table ledger.tenant_heads alter column latest set not null;
