using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Records;

/// <summary>Loads what record commands decide on, and draws numbers for records whose id is none.</summary>
public class RecordStates(NpgsqlDataSource dataSource)
{
    internal const string Columns = "r.record_id, r.version, r.number, r.uuid, r.content_hash, r.stage, r.withdrawn, r.registered_at, r.revised_at, r.changed_at, r.ready_since";
    internal const int ColumnCount = 11;

    /// <summary>By record ids; unknown ids are left out.</summary>
    public virtual async Task<Dictionary<RecordId, RecordSnapshot>> LoadAsync(string tenantId, IReadOnlyCollection<RecordId> records, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.records r where r.tenant_id = $1 and r.record_id = any ($2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. records.Select(record => record.Value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<RecordId, RecordSnapshot>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var snapshot = Snapshot(reader);
            found.Add(snapshot.Id, snapshot);
        }
        return found;
    }

    /// <summary>Which of these numbers and UUIDs other records already have: an id that looks like one of them gets a drawn or derived name instead.</summary>
    public virtual async Task<(HashSet<long> Numbers, HashSet<Guid> Uuids)> TakenAsync(string tenantId, IReadOnlyCollection<long> numbers, IReadOnlyCollection<Guid> uuids, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, "select number, uuid from ledger.records where tenant_id = $1 and (number = any ($2) or uuid = any ($3))");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. numbers] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. uuids] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = (Numbers: new HashSet<long>(), Uuids: new HashSet<Guid>());
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Numbers.Add(reader.GetInt64(0));
            taken.Uuids.Add(reader.GetGuid(1));
        }
        return taken;
    }

    /// <summary>Draws <paramref name="count"/> consecutive numbers of the tenant. Numbers drawn for a write that then fails are not used again.</summary>
    /// <returns>The first of them.</returns>
    public virtual async Task<long> DrawNumbersAsync(string tenantId, int count, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            insert into ledger.record_numbers as n (tenant_id, next) values ($1, {RecordIdentity.FirstDrawnNumber} + $2)
            on conflict (tenant_id) do update set next = n.next + $2 returning next - $2
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = count });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <param name="at">The first of <see cref="Columns"/>.</param>
    internal static RecordSnapshot Snapshot(NpgsqlDataReader row, int at = 0) => new(new(row.GetString(at)), new RecordState(
        Version: row.GetInt64(at + 1), Number: row.GetInt64(at + 2), Uuid: row.GetGuid(at + 3), ContentHash: row.GetString(at + 4), Stage: ReadModels.Parse<Stage>(row.GetString(at + 5)),
        Withdrawn: row.GetBoolean(at + 6), RegisteredAt: row.GetFieldValue<DateTimeOffset>(at + 7), RevisedAt: row.GetFieldValue<DateTimeOffset>(at + 8),
        ChangedAt: row.GetFieldValue<DateTimeOffset>(at + 9), ReadySince: row.Time(at + 10)));
}
