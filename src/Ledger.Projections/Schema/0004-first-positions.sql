-- When a system was first written to, in positions (docs/adr/0012): which systems an answer about the past lists.
-- `after_position`: no item event of the system lies at or below it. `first_position`: the first one, once somebody asked.
alter table ledger.systems add column after_position bigint not null default 0, add column first_position bigint;

update ledger.systems s set first_position = f.position
  from (select e.tenant_id, replace(replace(split_part(e.stream_id, '/', 2), '%2F', '/'), '%25', '%') as system_id, min(p.position) as position
          from ledger.mt_events e join ledger.event_positions p on p.seq_id = e.seq_id
         where e.version = 1 and e.stream_id like 'item/%' group by 1, 2) f
 where f.tenant_id = s.tenant_id and f.system_id = s.system_id;

update ledger.systems s set after_position = h.position from ledger.tenant_heads h where h.tenant_id = s.tenant_id and s.first_position is null;
