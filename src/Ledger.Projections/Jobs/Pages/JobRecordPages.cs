using Ledger.Domain;
using Ledger.EventStore;
using Ledger.Projections.Records;
using Npgsql;

namespace Ledger.Projections.Jobs.Pages;

/// <param name="Job">Null: the tenant has no such job, and the page is empty.</param>
/// <param name="Unmapped">See <see cref="ContraAccounts"/>; empty unless asked for.</param>
public sealed record JobRecordList(JobSnapshot? Job, DateTimeOffset Now, Page<RecordView> Page, IReadOnlyList<UnmappedRecord> Unmapped);

/// <summary>Lists the records of one job, in one round trip.</summary>
public sealed class JobRecordPages(NpgsqlDataSource dataSource)
{
    public static readonly SortColumn Date = new("date", "r.posted_at", typeof(DateTime));

    private const string Source = """
        from ledger.attempts a join ledger.records r on r.tenant_id = a.tenant_id and r.record_id = a.record_id
        where a.tenant_id = $1 and a.job_id = $2
        """;

    /// <param name="withUnmapped">Whether to look through the whole job for records whose contra account the platform says is missing.</param>
    public async Task<JobRecordList> ReadAsync(string tenantId, JobId job, PageQuestion question, bool withUnmapped, CancellationToken cancellationToken)
    {
        var sql = new PageSql(RecordView.Columns, RecordView.ColumnCount, Source, () => [new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<Guid> { TypedValue = job.Value }]);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId), JobStates.Command(tenantId, job) } };
        sql.AddTo(batch, question);
        if (withUnmapped) batch.BatchCommands.Add(ContraAccounts.OfJob(tenantId, job));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (snapshot, now) = await JobStates.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var page = await sql.ReadAsync(reader, question, RecordView.Read, cancellationToken);
        IReadOnlyList<UnmappedRecord> unmapped = withUnmapped && await reader.NextResultAsync(cancellationToken) ? await ContraAccounts.ReadAsync(reader, cancellationToken) : [];
        return new(snapshot, now, page, unmapped);
    }
}
