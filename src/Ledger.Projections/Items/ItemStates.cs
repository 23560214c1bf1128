using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.Projections.Records;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Items;

/// <summary>How a dialect names records.</summary>
public enum RecordKey { Id, Number, Uuid }

/// <summary>Loads what item commands decide on: records and their state in one system, in one round trip.</summary>
public class ItemStates(NpgsqlDataSource dataSource)
{
    internal const string ItemColumns = """
        i.version, i.exported_since, i.last_exported_at, i.external_id, i.external_url, i.reported_at, i.note, i.failure_type, i.failure_reason, i.failure_at, i.changed_at,
        a.attempt_id, a.status, a.job_id, a.ordinal, a.opened_by, a.opened_at, a.changed_at, a.external_id, a.external_url, a.reported_at, a.note, a.failure_type, a.failure_reason, a.failure_at
        """;

    private const string Columns = $"{RecordStates.Columns}, {ItemColumns}";

    private const string Joins = """
        left join ledger.items i on i.tenant_id = r.tenant_id and i.system_id = $2 and i.record_id = r.record_id
        left join ledger.attempts a on a.tenant_id = i.tenant_id and a.attempt_id = i.attempt_id
        """;

    private readonly GatheredLoads<RecordId> _byId = new((tenantId, system, records, token) => LoadAsync(dataSource, tenantId, system, "r.record_id = any ($3)",
        new NpgsqlParameter<string[]> { TypedValue = [.. records.Select(record => record.Value)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar }, snapshot => snapshot.RecordId, token));

    private readonly GatheredLoads<long> _byNumber = new((tenantId, system, numbers, token) => LoadAsync(dataSource, tenantId, system, "r.number = any ($3)",
        new NpgsqlParameter<long[]> { TypedValue = [.. numbers] }, snapshot => snapshot.Record.Number, token));

    private readonly GatheredLoads<Guid> _byUuid = new((tenantId, system, uuids, token) => LoadAsync(dataSource, tenantId, system, "r.uuid = any ($3)",
        new NpgsqlParameter<Guid[]> { TypedValue = [.. uuids] }, snapshot => snapshot.Record.Uuid, token));

    /// <summary>By record ids; unknown ids are left out. Small loads of a tenant that come at the same time share a round trip.</summary>
    /// <exception cref="Gathering.CrowdedException">Too many wait; nothing was read.</exception>
    public virtual Task<Dictionary<RecordId, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<RecordId> records, CancellationToken cancellationToken) =>
        _byId.LoadAsync(tenantId, system, records, cancellationToken);

    public virtual Task<Dictionary<long, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken) =>
        _byNumber.LoadAsync(tenantId, system, numbers, cancellationToken);

    public virtual Task<Dictionary<Guid, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<Guid> uuids, CancellationToken cancellationToken) =>
        _byUuid.LoadAsync(tenantId, system, uuids, cancellationToken);

    /// <summary>The items of a job whose latest attempt is still the job's and open.</summary>
    public virtual Task<Dictionary<RecordId, ItemSnapshot>> OpenInJobAsync(string tenantId, SystemId system, JobId job, CancellationToken cancellationToken) =>
        LoadAsync(dataSource, tenantId, system, "r.record_id in (select o.record_id from ledger.attempts o where o.tenant_id = $1 and o.job_id = $3 and o.status in ('pending', 'in_progress'))",
            new NpgsqlParameter<Guid> { TypedValue = job.Value }, snapshot => snapshot.RecordId, cancellationToken);

    private static async Task<Dictionary<TKey, ItemSnapshot>> LoadAsync<TKey>(
        NpgsqlDataSource dataSource, string tenantId, SystemId system, string where, NpgsqlParameter keys, Func<ItemSnapshot, TKey> key, CancellationToken cancellationToken) where TKey : notnull
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.records r {Joins} where r.tenant_id = $1 and {where}");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = system.Value });
        command.Parameters.Add(keys);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<TKey, ItemSnapshot>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var snapshot = Snapshot(reader, system);
            found.Add(key(snapshot), snapshot);
        }
        return found;
    }

    private static ItemSnapshot Snapshot(NpgsqlDataReader row, SystemId system)
    {
        var record = RecordStates.Snapshot(row);
        return new(system, record.Id, record.State, ReadItem(row, RecordStates.ColumnCount));
    }

    /// <summary>Reads <see cref="ItemColumns"/> that start at <paramref name="at"/>.</summary>
    internal static ItemState ReadItem(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? ItemState.Untouched : new ItemState(
        Version: row.GetInt64(at), ExportedSince: row.Time(at + 1), LastExportedAt: row.Time(at + 2),
        Reference: row.IsDBNull(at + 2) ? null : new(row.Text(at + 3), row.Text(at + 4), row.Time(at + 5), row.Text(at + 6)),
        Attempt: row.IsDBNull(at + 11) ? null : ReadAttempt(row, at + 11),
        Failure: row.Failure(at + 7), ChangedAt: row.Time(at + 10)!.Value);

    /// <summary>Reads the fourteen columns of an attempt that start at <paramref name="at"/>.</summary>
    internal static Attempt ReadAttempt(NpgsqlDataReader row, int at)
    {
        var status = ReadModels.Parse<AttemptStatus>(row.GetString(at + 1));
        return new Attempt(
            new(row.GetInt64(at)), status, row.IsDBNull(at + 2) ? null : new JobId(row.GetGuid(at + 2)), row.GetInt32(at + 3), row.GetString(at + 4), row.Time(at + 5)!.Value, row.Time(at + 6)!.Value,
            status == AttemptStatus.Successful ? new(row.Text(at + 7), row.Text(at + 8), row.Time(at + 9), row.Text(at + 10)) : null, row.Failure(at + 11));
    }
}
