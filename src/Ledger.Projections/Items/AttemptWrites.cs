using Ledger.Domain.Items;
using Ledger.Projections.Writing;
using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Items;

/// <summary>Keeps <c>attempts</c>, and the counts of the jobs they belong to.</summary>
internal static class AttemptWrites
{
    private static readonly string Insert = RecordedOnce.In("""
        insert into ledger.attempts (tenant_id, attempt_id, system_id, record_id, job_id, ordinal, status, opened_by, opened_at, changed_at,
                                     external_id, external_url, reported_at, note, failure_type, failure_reason, failure_at)
        select $1, u.attempt_id, u.system_id, u.record_id, u.job_id, u.ordinal, u.status, u.opened_by, ledger.at_commit(u.opened_at), ledger.at_commit(u.changed_at),
               u.external_id, u.external_url, u.reported_at, u.note, u.failure_type, u.failure_reason, ledger.at_commit(u.failure_at)
          from unnest($2::bigint[], $3::varchar[], $4::timestamptz[], $5::varchar[], $6::varchar[], $7::timestamptz[], $8::varchar[], $9::varchar[], $10::varchar[], $11::timestamptz[],
                      $12::varchar[], $13::varchar[], $14::uuid[], $15::int[], $16::varchar[], $17::timestamptz[])
               as u (attempt_id, status, changed_at, external_id, external_url, reported_at, note, failure_type, failure_reason, failure_at, system_id, record_id, job_id, ordinal, opened_by, opened_at)
        """);

    private static readonly string Update = RecordedOnce.In("""
        update ledger.attempts a
           set status = u.status, changed_at = ledger.at_commit(u.changed_at), external_id = u.external_id, external_url = u.external_url, reported_at = u.reported_at, note = u.note,
               failure_type = u.failure_type, failure_reason = u.failure_reason, failure_at = ledger.at_commit(u.failure_at)
          from unnest($2::bigint[], $3::varchar[], $4::timestamptz[], $5::varchar[], $6::varchar[], $7::timestamptz[], $8::varchar[], $9::varchar[], $10::varchar[], $11::timestamptz[])
               as u (attempt_id, status, changed_at, external_id, external_url, reported_at, note, failure_type, failure_reason, failure_at)
         where a.tenant_id = $1 and a.attempt_id = u.attempt_id
        """);

    // Jobs are locked in the order of their ids, so that two reports touching the same jobs cannot deadlock. Whoever waited here
    // may have been recorded first: the later time stays.
    private const string CountJobs = """
        with delta as (
          select * from unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[]) as d (job_id, pending, in_progress, successful, failed, abandoned, cancelled)),
        locked as materialized (
          select j.job_id from ledger.jobs j join delta d on j.tenant_id = $1 and j.job_id = d.job_id order by j.job_id for update of j)
        update ledger.jobs j
           set pending = j.pending + d.pending, in_progress = j.in_progress + d.in_progress, successful = j.successful + d.successful,
               failed = j.failed + d.failed, abandoned = j.abandoned + d.abandoned, cancelled = j.cancelled + d.cancelled, last_updated_at = greatest(j.last_updated_at, ledger.recorded_at())
          from delta d join locked l on l.job_id = d.job_id
         where j.tenant_id = $1 and j.job_id = d.job_id
        """;

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<ItemChange> changes)
    {
        var opened = changes.Where(change => change.After.Attempt is { } after && change.Before.Attempt?.Id != after.Id).ToList();
        var moved = changes.Where(change => change.After.Attempt is { } after && change.Before.Attempt is { } before && before.Id == after.Id && before != after).ToList();
        if (opened.Count > 0) batch.BatchCommands.Add(Command(Insert, tenantId, opened, opening: true));
        if (moved.Count > 0) batch.BatchCommands.Add(Command(Update, tenantId, moved, opening: false));
        AddJobCounts(batch, tenantId, opened, moved);
    }

    private static NpgsqlBatchCommand Command(string sql, string tenantId, List<ItemChange> changes, bool opening)
    {
        var rows = changes.ConvertAll(change => change.After.Attempt!);
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Text(tenantId), Longs(rows, row => row.Id.Value), Texts(rows, row => ReadModels.Name(row.Status)), Times(rows, row => row.ChangedAt),
                Texts(rows, row => row.Reference?.ExternalId), Texts(rows, row => row.Reference?.ExternalUrl), Times(rows, row => row.Reference?.ReportedAt), Texts(rows, row => row.Reference?.Note),
                Texts(rows, row => row.Failure?.Type), Texts(rows, row => row.Failure?.Reason), Times(rows, row => row.Failure?.At),
            },
        };
        if (!opening) return command;
        command.Parameters.Add(Texts(changes, change => change.System.Value));
        command.Parameters.Add(Texts(changes, change => change.RecordId.Value));
        command.Parameters.Add(NullableGuids(rows, row => row.JobId?.Value));
        command.Parameters.Add(Ints(rows, row => row.Ordinal));
        command.Parameters.Add(Texts(rows, row => row.OpenedBy));
        command.Parameters.Add(Times(rows, row => row.OpenedAt));
        return command;
    }

    private static void AddJobCounts(NpgsqlBatch batch, string tenantId, List<ItemChange> opened, List<ItemChange> moved)
    {
        var deltas = new SortedDictionary<Guid, int[]>();
        foreach (var change in opened) Count(deltas, change.After.Attempt!, +1);
        foreach (var change in moved)
        {
            Count(deltas, change.Before.Attempt!, -1);
            Count(deltas, change.After.Attempt!, +1);
        }
        if (deltas.Count == 0) return;
        var rows = deltas.ToList();
        var command = new NpgsqlBatchCommand(CountJobs) { Parameters = { Text(tenantId), Guids(rows, row => row.Key) } };
        foreach (var status in Enum.GetValues<AttemptStatus>()) command.Parameters.Add(Ints(rows, row => row.Value[(int)status]));
        batch.BatchCommands.Add(command);
    }

    private static void Count(SortedDictionary<Guid, int[]> deltas, Attempt attempt, int by)
    {
        if (attempt.JobId is not { } job) return;
        if (!deltas.TryGetValue(job.Value, out var counts)) deltas.Add(job.Value, counts = new int[Enum.GetValues<AttemptStatus>().Length]);
        counts[(int)attempt.Status] += by;
    }
}
