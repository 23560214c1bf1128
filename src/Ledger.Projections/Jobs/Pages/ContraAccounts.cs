using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Jobs.Pages;

/// <summary>A record of which the platform says: it needs a contra account, and none is mapped.</summary>
/// <param name="Type">The type the platform gave it for the export-jobs API; null when it gave none.</param>
public sealed record UnmappedRecord(Guid Uuid, SourceType SourceType, RecordKind Kind, string? Type, string Currency);

/// <summary>
/// Finds records whose <c>facets.export_jobs.contraAccount</c> is an explicit null while their own <c>contra_account</c> is
/// empty too. A record that does not mention the member at all says nothing about mappings, and is never found.
/// </summary>
public sealed class ContraAccounts(NpgsqlDataSource dataSource)
{
    private const string Columns = "r.uuid, r.source_type, r.kind, r.details #>> '{facets,export_jobs,type}', r.currency";
    private const string Unmapped = "r.contra_account is null and jsonb_typeof(r.details #> '{facets,export_jobs,contraAccount}') = 'null'";

    public async Task<IReadOnlyList<UnmappedRecord>> AmongAsync(string tenantId, IReadOnlyCollection<Guid> records, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.records r where r.tenant_id = $1 and r.uuid = any ($2) and {Unmapped}");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. records] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    internal static NpgsqlBatchCommand OfJob(string tenantId, JobId job) => new($"""
        select {Columns} from ledger.attempts a join ledger.records r on r.tenant_id = a.tenant_id and r.record_id = a.record_id
         where a.tenant_id = $1 and a.job_id = $2 and {Unmapped}
        """)
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<Guid> { TypedValue = job.Value } },
    };

    internal static async Task<IReadOnlyList<UnmappedRecord>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var found = new List<UnmappedRecord>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new(reader.GetGuid(0), ReadModels.Parse<SourceType>(reader.GetString(1)), ReadModels.Parse<RecordKind>(reader.GetString(2)), reader.Text(3), reader.GetString(4)));
        return found;
    }
}
