using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Records;

/// <summary>Conditions on records, ANDed; null does not restrict. Times: from inclusive, to exclusive.</summary>
/// <param name="Text">A part of the text, in any letter case.</param>
public sealed record RecordFilter(
    Stage? Stage = null, RecordKind? Kind = null, string? Text = null, bool? Withdrawn = null,
    DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, DateTimeOffset? UpdatedFrom = null, DateTimeOffset? UpdatedTo = null);

/// <summary>Reads records as they are now: one by its id, or many in the order of their numbers.</summary>
public sealed class RecordPages(NpgsqlDataSource dataSource)
{
    /// <returns>Null when the tenant has no such record.</returns>
    public async Task<RecordView?> FindAsync(string tenantId, RecordId id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {RecordView.Columns} from ledger.records r where r.tenant_id = $1 and r.record_id = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RecordView.Read(reader) : null;
    }

    /// <param name="after">Record number to start after.</param>
    public async Task<List<RecordView>> ListAsync(string tenantId, RecordFilter filter, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, "");
        var sql = $"select {RecordView.Columns} from ledger.records r where r.tenant_id = $1 and r.number > $2";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        void And(string condition, NpgsqlParameter? value)
        {
            if (value is null) return;
            command.Parameters.Add(value);
            sql += $" and {condition} ${command.Parameters.Count}";
        }
        And("r.stage =", filter.Stage is { } stage ? Text(ReadModels.Name(stage)) : null);
        And("r.kind =", filter.Kind is { } kind ? Text(ReadModels.Name(kind)) : null);
        And("r.text ilike", filter.Text is { } text ? Text(Contains(text)) : null);
        And("r.withdrawn =", filter.Withdrawn is { } withdrawn ? new NpgsqlParameter<bool> { TypedValue = withdrawn } : null);
        And("r.created_at >=", Time(filter.CreatedFrom));
        And("r.created_at <", Time(filter.CreatedTo));
        And("r.updated_at >=", Time(filter.UpdatedFrom));
        And("r.updated_at <", Time(filter.UpdatedTo));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.CommandText = $"{sql} order by r.number limit ${command.Parameters.Count}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<RecordView>();
        while (await reader.ReadAsync(cancellationToken)) records.Add(RecordView.Read(reader));
        return records;
    }

    private static string Contains(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<DateTime>? Time(DateTimeOffset? time) => time is { } at ? new() { TypedValue = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz } : null;
}
