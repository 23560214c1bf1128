namespace Ledger.Projections.Rebuild;

/// <summary>
/// What PostgreSQL does with replayed rows. In <c>replay_…</c> and <c>kept_…</c> of a model by record are the rows that were not the same on both sides;
/// all others are right as they are kept. <c>replay_scope_…</c> holds the keys that are in question once appends are held still: those, and all that moved since.
/// </summary>
internal static class ReplaySql
{
    public static readonly string Analyze = string.Concat(ReadModelRebuild.Names.Select(name => $"analyze replay_{name};")) + string.Concat(ComparedRows.All.Select(kept => $"analyze kept_{kept.Name};"));

    private const string AddUpJobs = """
        update replay_jobs j
           set pending = c.pending, in_progress = c.in_progress, successful = c.successful, failed = c.failed, abandoned = c.abandoned, cancelled = c.cancelled,
               last_updated_at = greatest(j.changed_at, c.changed_at)
          from (select tenant_id, job_id, max(changed_at) as changed_at, sum(pending) as pending, sum(in_progress) as in_progress, sum(successful) as successful,
                       sum(failed) as failed, sum(abandoned) as abandoned, sum(cancelled) as cancelled
                  from replay_job_sums group by tenant_id, job_id) c
         where c.tenant_id = j.tenant_id and c.job_id = j.job_id;
        """;

    private const string AddUpBlocks = """
        insert into replay_number_blocks (tenant_id, system_id, level, block, newest)
        select b.tenant_id, b.system_id, l.level, b.block >> 6 * (l.level - 1), max(ledger.next_minute(b.newest))
          from replay_block_sums b cross join generate_series(1, 3) as l (level) group by 1, 2, 3, 4;
        analyze replay_number_blocks;
        """;

    private const string AddUpCounts = """
        insert into replay_system_counts (tenant_id, system_id, slot, offered, exported, failed)
        select s.tenant_id, s.system_id, 0, coalesce(c.offered, 0), coalesce(c.exported, 0), coalesce(c.failed, 0)
          from ledger.systems s
          left join (select tenant_id, system_id, sum(offered) as offered, sum(exported) as exported, sum(failed) as failed from replay_system_sums group by 1, 2) c using (tenant_id, system_id);
        """;

    /// <summary>Sums of all files.</summary>
    public const string AddUp = AddUpJobs + AddUpBlocks + AddUpCounts;

    private const string ItemSystem = "replace(replace(split_part(t.stream_id, '/', 2), '%2F', '/'), '%25', '%')";
    private const string ItemRecord = "substring(t.stream_id from '^item/[^/]*/(.*)$')";

    /// <summary>Which streams moved, and which rows are in question for it; what was replayed of those streams is forgotten.</summary>
    // With an item its record, whose number the item's row repeats.
    public static string Touch(long settled) => $"""
        insert into replay_touched
        select distinct e.tenant_id, s.stream_id
          from ledger.mt_events e cross join lateral (values (e.stream_id), (case when e.stream_id like 'item/%' then 'record/' || substring(e.stream_id from '^item/[^/]*/(.*)$') end)) as s (stream_id)
         where e.seq_id > {settled} and s.stream_id is not null;
        analyze replay_touched;
        create temporary table replay_scope_records on commit drop as
        select tenant_id, record_id from kept_records union select tenant_id, record_id from replay_records
        union select t.tenant_id, substring(t.stream_id from 8) from replay_touched t where t.stream_id like 'record/%';
        create temporary table replay_scope_items on commit drop as
        select tenant_id, system_id, record_id from kept_items union select tenant_id, system_id, record_id from replay_items
        union select t.tenant_id, {ItemSystem}, {ItemRecord} from replay_touched t where t.stream_id like 'item/%';
        create temporary table replay_scope_attempts on commit drop as
        select tenant_id, attempt_id from kept_attempts union select tenant_id, attempt_id from replay_attempts
        union select a.tenant_id, a.attempt_id from replay_touched t join ledger.attempts a on a.tenant_id = t.tenant_id and a.record_id = {ItemRecord} and a.system_id = {ItemSystem} where t.stream_id like 'item/%';
        delete from replay_records r using replay_touched t where t.tenant_id = r.tenant_id and t.stream_id = 'record/' || r.record_id;
        delete from replay_items i using replay_touched t where t.tenant_id = i.tenant_id and t.stream_id = 'item/' || replace(replace(i.system_id, '%', '%25'), '/', '%2F') || '/' || i.record_id;
        delete from replay_attempts a using replay_touched t where t.tenant_id = a.tenant_id and t.stream_id = 'item/' || replace(replace(a.system_id, '%', '%25'), '/', '%2F') || '/' || a.record_id;
        delete from replay_jobs j using replay_touched t where t.tenant_id = j.tenant_id and t.stream_id = 'job/' || j.job_id;
        delete from replay_integrations i using replay_touched t where t.tenant_id = i.tenant_id and t.stream_id = 'integration/' || i.integration_id;
        """;

    // An item or an attempt is as it was replayed where it is in question, and as it is kept elsewhere. A record's numbers are those it has and those it should have.
    private const string QueuesInQuestion = """
        insert into replay_scope_records select tenant_id, record_id from replay_records except select tenant_id, record_id from replay_scope_records;
        insert into replay_scope_items select tenant_id, system_id, record_id from replay_items except select tenant_id, system_id, record_id from replay_scope_items;
        insert into replay_scope_attempts select tenant_id, attempt_id from replay_attempts except select tenant_id, attempt_id from replay_scope_attempts;
        analyze replay_records; analyze replay_items; analyze replay_attempts; analyze replay_jobs;
        analyze replay_scope_records; analyze replay_scope_items; analyze replay_scope_attempts;
        create temporary table replay_scope_pending on commit drop as
        select tenant_id, system_id, number from kept_pending union select tenant_id, system_id, number from replay_pending
        union select n.tenant_id, s.system_id, n.number
          from (select tenant_id, number from replay_records
                union select k.tenant_id, k.number
                  from (select tenant_id, record_id from replay_scope_records union select tenant_id, record_id from replay_scope_items) q
                  join ledger.records k on k.tenant_id = q.tenant_id and k.record_id = q.record_id) n
          join ledger.systems s on s.tenant_id = n.tenant_id;
        analyze replay_scope_pending;
        truncate replay_pending;
        insert into replay_pending (tenant_id, system_id, number, record_id, ready_since, touched)
        select r.tenant_id, r.system_id, r.number, r.record_id, r.ready_since, coalesce(i.record_id, k.record_id) is not null
          from (select q.tenant_id, q.system_id, q.number, r.record_id, r.ready_since
                  from replay_scope_pending q join replay_records r on r.tenant_id = q.tenant_id and r.number = q.number
                union all
                select q.tenant_id, q.system_id, q.number, k.record_id, k.ready_since
                  from replay_scope_pending q join ledger.records k on k.tenant_id = q.tenant_id and k.number = q.number
                 where not exists (select from replay_scope_records d where d.tenant_id = k.tenant_id and d.record_id = k.record_id)) r
          join ledger.systems s on s.tenant_id = r.tenant_id and s.system_id = r.system_id
          left join replay_scope_items d on d.tenant_id = r.tenant_id and d.system_id = r.system_id and d.record_id = r.record_id
          left join replay_items i on i.tenant_id = r.tenant_id and i.system_id = r.system_id and i.record_id = r.record_id
          left join ledger.items k on k.tenant_id = r.tenant_id and k.system_id = r.system_id and k.record_id = r.record_id and d.tenant_id is null
         where (s.offered_through is null or r.number <= s.offered_through
                or exists (select 1 from ledger.pending p where p.tenant_id = r.tenant_id and p.system_id = r.system_id and p.number = r.number))
           and coalesce(i.exported_since, k.exported_since) is null;
        analyze replay_pending;
        """;

    private const string JobsAgain = """
        truncate replay_job_sums;
        insert into replay_job_sums
        select tenant_id, job_id, max(changed_at), count(*) filter (where status = 'pending'), count(*) filter (where status = 'in_progress'), count(*) filter (where status = 'successful'),
               count(*) filter (where status = 'failed'), count(*) filter (where status = 'abandoned'), count(*) filter (where status = 'cancelled')
          from (select tenant_id, job_id, status, changed_at from replay_attempts
                union all
                select k.tenant_id, k.job_id, k.status, k.changed_at from ledger.attempts k
                 where not exists (select from replay_scope_attempts d where d.tenant_id = k.tenant_id and d.attempt_id = k.attempt_id)) a
         where job_id is not null group by tenant_id, job_id;
        """ + AddUpJobs;

    // Bounds may be higher than they have to be: those of the replay hold, and what moved since may raise them.
    private const string BlocksAgain = """
        insert into replay_block_sums select tenant_id, system_id, number >> 6, max(exported_since) from replay_items where exported_since is not null group by 1, 2, 3;
        truncate replay_number_blocks;
        """ + AddUpBlocks;

    private const string CountsAgain = """
        truncate replay_system_sums, replay_system_counts;
        insert into replay_system_sums
        select tenant_id, system_id, count(*), 0, 0
          from (select tenant_id, system_id, ready_since from replay_pending
                union all
                select k.tenant_id, k.system_id, k.ready_since from ledger.pending k
                 where not exists (select from replay_scope_pending d where d.tenant_id = k.tenant_id and d.system_id = k.system_id and d.number = k.number)) p
         where ready_since is not null group by 1, 2
        union all
        select tenant_id, system_id, 0, count(exported_since), count(*) filter (where exported_since is null and failure_at is not null)
          from (select tenant_id, system_id, exported_since, failure_at from replay_items
                union all
                select k.tenant_id, k.system_id, k.exported_since, k.failure_at from ledger.items k
                 where not exists (select from replay_scope_items d where d.tenant_id = k.tenant_id and d.system_id = k.system_id and d.record_id = k.record_id)) i
         group by 1, 2;
        """ + AddUpCounts;

    /// <summary>After the touched streams were folded again: what is made of more than one stream.</summary>
    public static string DeriveAgain(bool withCounts) => QueuesInQuestion + JobsAgain + BlocksAgain + (withCounts ? CountsAgain : "");
}
