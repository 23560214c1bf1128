using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Jobs.Pages;

/// <summary>An item of a job: the attempt the job made.</summary>
/// <param name="RecordUuid">The record's UUID.</param>
public sealed record JobItem(JobId JobId, Guid RecordUuid, Attempt Attempt);

/// <param name="Job">Null: the tenant has no such job, and the page is empty.</param>
/// <param name="Now">PostgreSQL's time, to which a silent job is compared.</param>
public sealed record JobItemList(JobSnapshot? Job, DateTimeOffset Now, Page<JobItem> Page);

/// <param name="Total">Exact up to <see cref="JobPages.MostCounted"/>; null beyond.</param>
public sealed record FoundJobItems(Page<JobItem> Page, long? Total);

/// <summary>Lists the items of one job, or finds those of some records over all jobs.</summary>
public sealed class JobItemPages(NpgsqlDataSource dataSource)
{
    public static readonly SortColumn Place = new("place", "a.ordinal", typeof(long));
    public static readonly SortColumn OpenedAt = new("openedAt", "a.opened_at", typeof(DateTime));
    public static readonly SortColumn RecordUuid = new("accountingEntryId", "r.uuid", typeof(Guid));
    public static readonly SortColumn Status = new("status", """(case a.status when 'cancelled' then 'abandoned' else a.status end) collate "C" """, typeof(string));
    public static readonly SortColumn ExportedAt = new("exportedAt", "(case when a.status = 'successful' then coalesce(a.reported_at, a.changed_at) end)", typeof(DateTime), MayBeNull: true);
    public static readonly SortColumn AttemptId = new("attempt", "a.attempt_id", typeof(long));

    internal const string AttemptColumns =
        "a.attempt_id, a.status, a.job_id, a.ordinal, a.opened_by, a.opened_at, a.changed_at, a.external_id, a.external_url, a.reported_at, a.note, a.failure_type, a.failure_reason, a.failure_at";

    private const string Columns = $"a.job_id, r.uuid, {AttemptColumns}";
    private const int ColumnCount = 16;

    private const string Joined = "ledger.attempts a join ledger.records r on r.tenant_id = a.tenant_id and r.record_id = a.record_id";

    // The empty list stands for every status.
    private const string OfStatuses = "(cardinality($3) = 0 or a.status = any ($3))";

    private const string OfJob = $"from {Joined} where a.tenant_id = $1 and a.job_id = $2 and {OfStatuses}";

    private const string OfRecords = $"from {Joined} where a.tenant_id = $1 and r.tenant_id = $1 and r.uuid = any ($2) and a.job_id is not null and {OfStatuses}";

    public async Task<JobItemList> OfJobAsync(string tenantId, JobId job, IReadOnlyCollection<AttemptStatus> statuses, PageQuestion question, CancellationToken cancellationToken)
    {
        var sql = new PageSql(Columns, ColumnCount, OfJob, () => [Text(tenantId), new NpgsqlParameter<Guid> { TypedValue = job.Value }, Names(statuses)]);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId), JobStates.Command(tenantId, job) } };
        sql.AddTo(batch, question);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (snapshot, now) = await JobStates.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return new(snapshot, now, await sql.ReadAsync(reader, question, Read, cancellationToken));
    }

    public async Task<FoundJobItems> OfRecordsAsync(
        string tenantId, IReadOnlyCollection<Guid> records, IReadOnlyCollection<AttemptStatus> statuses, PageQuestion question, CancellationToken cancellationToken)
    {
        Guid[] uuids = [.. records];
        NpgsqlParameter[] Arguments() => [Text(tenantId), new NpgsqlParameter<Guid[]> { TypedValue = uuids }, Names(statuses)];
        var sql = new PageSql(Columns, ColumnCount, OfRecords, Arguments);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId) } };
        sql.AddTo(batch, question);
        var count = new NpgsqlBatchCommand($"select count(*) from (select 1 {OfRecords} limit {JobPages.MostCounted + 1}) counted");
        foreach (var argument in Arguments()) count.Parameters.Add(argument);
        batch.BatchCommands.Add(count);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var page = await sql.ReadAsync(reader, question, Read, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var counted = reader.GetInt64(0);
        return new(page, counted > JobPages.MostCounted ? null : counted);
    }

    private static JobItem Read(NpgsqlDataReader row) => new(new(row.GetGuid(0)), row.GetGuid(1), ItemStates.ReadAttempt(row, 2));

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Names(IReadOnlyCollection<AttemptStatus> statuses) =>
        new() { TypedValue = [.. statuses.Select(ReadModels.Name)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}
