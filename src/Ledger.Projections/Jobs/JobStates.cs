using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Jobs;

/// <summary>Loads jobs with their counts.</summary>
public class JobStates(NpgsqlDataSource dataSource)
{
    internal const string Columns = """
        j.job_id, j.version, j.status, j.system_id, j.origin, j.created_by, j.is_interactive, j.vendor_based_bookkeeping, j.number_of_items, j.batch_id, j.created_at, j.started_at,
        j.completed_at, j.expired_at, j.failure_type, j.failure_reason, j.changed_at, j.pending, j.in_progress, j.successful, j.failed, j.abandoned, j.cancelled, j.last_updated_at
        """;

    /// <returns>Null when the tenant has no such job; and PostgreSQL's time, to which a silent job is compared.</returns>
    public virtual async Task<(JobSnapshot? Job, DateTimeOffset Now)> LoadAsync(string tenantId, JobId job, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId), Command(tenantId, job) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>One row always: the job's columns, null when there is none, and the time. For batches that need more than the job.</summary>
    internal static NpgsqlBatchCommand Command(string tenantId, JobId job) =>
        new($"select {Columns}, clock_timestamp() from (select 1) one left join ledger.jobs j on j.tenant_id = $1 and j.job_id = $2")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<Guid> { TypedValue = job.Value } },
        };

    internal static async Task<(JobSnapshot? Job, DateTimeOffset Now)> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return (reader.IsDBNull(0) ? null : Snapshot(reader), reader.GetFieldValue<DateTimeOffset>(24));
    }

    internal static JobSnapshot Snapshot(NpgsqlDataReader row) => new(
        new(row.GetGuid(0)),
        new JobState(
            Version: row.GetInt64(1), Status: ReadModels.Parse<JobStatus>(row.GetString(2)), SystemId: new(row.GetString(3)), Origin: ReadModels.Parse<JobOrigin>(row.GetString(4)),
            CreatedBy: row.IsDBNull(5) ? null : row.GetGuid(5), IsInteractive: row.GetBoolean(6), VendorBasedBookkeeping: row.GetBoolean(7), NumberOfItems: row.GetInt32(8), BatchId: row.Text(9),
            CreatedAt: row.GetFieldValue<DateTimeOffset>(10), StartedAt: row.Time(11), CompletedAt: row.Time(12), ExpiredAt: row.Time(13), FailureType: row.Text(14), FailureReason: row.Text(15),
            ChangedAt: row.GetFieldValue<DateTimeOffset>(16)),
        new JobCounts(row.GetInt32(17), row.GetInt32(18), row.GetInt32(19), row.GetInt32(20), row.GetInt32(21), row.GetInt32(22)),
        row.GetFieldValue<DateTimeOffset>(23));

    /// <summary>Unfinished jobs nobody has touched for <paramref name="patience"/>, and batches without an open item: what the sweep ends.</summary>
    public async Task<List<(string TenantId, JobSnapshot Job)>> DueAsync(TimeSpan patience, DateTimeOffset? clockOverride, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select {Columns}, j.tenant_id from ledger.jobs j
             where j.status in ('pending', 'in_progress')
               and ((j.origin = 'export_jobs' and j.last_updated_at < coalesce($3::timestamptz, clock_timestamp()) - $1) or (j.origin = 'accounting_exports' and j.pending + j.in_progress = 0))
             order by j.last_updated_at limit $2
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = patience });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)clockOverride?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(string, JobSnapshot)>();
        while (await reader.ReadAsync(cancellationToken)) due.Add((reader.GetString(24), Snapshot(reader)));
        return due;
    }
}
