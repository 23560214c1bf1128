using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Jobs.Pages;

/// <param name="Statuses">Empty: all.</param>
/// <param name="Patience">How long an export job may be silent.</param>
/// <param name="ClockOverride">Replaces PostgreSQL's clock; tests only.</param>
public sealed record JobListQuestion(string TenantId, IReadOnlyCollection<JobStatus> Statuses, PageQuestion Page, TimeSpan Patience, DateTimeOffset? ClockOverride);

/// <param name="Overdue">The tenant's job that has been silent for too long and is not ended yet: end it, then ask again.</param>
/// <param name="Total">Exact up to <see cref="JobPages.MostCounted"/>; null beyond, where counting would cost more than the page.</param>
public sealed record JobList(JobId? Overdue, Page<JobSnapshot> Page, long? Total);

/// <summary>Lists the jobs of a tenant, in one round trip.</summary>
public sealed class JobPages(NpgsqlDataSource dataSource)
{
    public const int MostCounted = 10_000;

    public static readonly SortColumn CreatedAt = new("createdAt", "j.created_at", typeof(DateTime));
    public static readonly SortColumn LastUpdatedAt = new("lastUpdatedAt", "j.last_updated_at", typeof(DateTime));
    public static readonly SortColumn Id = new("id", "j.job_id", typeof(Guid));

    private const string Source = "from ledger.jobs j where j.tenant_id = $1 and (cardinality($2) = 0 or j.status = any ($2))";
    private const int ColumnCount = 24;

    public async Task<JobList> ReadAsync(JobListQuestion question, CancellationToken cancellationToken)
    {
        string[] statuses = [.. question.Statuses.Select(ReadModels.Name)];
        NpgsqlParameter[] Arguments() =>
        [
            new NpgsqlParameter<string> { TypedValue = question.TenantId },
            new NpgsqlParameter<string[]> { TypedValue = statuses, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
        ];
        var sql = new PageSql(JobStates.Columns, ColumnCount, Source, Arguments);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(question.TenantId), Overdue(question) } };
        sql.AddTo(batch, question.Page);
        var count = new NpgsqlBatchCommand($"select count(*) from (select 1 {Source} limit {MostCounted + 1}) counted");
        foreach (var argument in Arguments()) count.Parameters.Add(argument);
        batch.BatchCommands.Add(count);

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        JobId? overdue = await reader.ReadAsync(cancellationToken) ? new JobId(reader.GetGuid(0)) : null;
        await reader.NextResultAsync(cancellationToken);
        var page = await sql.ReadAsync(reader, question.Page, JobStates.Snapshot, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var counted = reader.GetInt64(0);
        return new(overdue, page, counted > MostCounted ? null : counted);
    }

    // At most one export job of a tenant is unfinished, and an index holds just those.
    private static NpgsqlBatchCommand Overdue(JobListQuestion question) => new("""
        select job_id from ledger.jobs
         where tenant_id = $1 and origin = 'export_jobs' and status in ('pending', 'in_progress') and last_updated_at <= coalesce($3::timestamptz, clock_timestamp()) - $2
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = question.TenantId },
            new NpgsqlParameter<TimeSpan> { TypedValue = question.Patience },
            new NpgsqlParameter { Value = (object?)question.ClockOverride?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };
}
