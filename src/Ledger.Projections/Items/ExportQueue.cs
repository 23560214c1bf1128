using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Records;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Items;

/// <summary>A condition of a dialect's own on the records of a page, ANDed to the question.</summary>
/// <param name="Sql">A boolean expression over alias <c>r</c> (table <c>ledger.records</c>) with parameters numbered from <see cref="FirstParameter"/>. Never holds a caller's text.</param>
public sealed record RecordCondition(string Sql, IReadOnlyList<NpgsqlParameter> Parameters)
{
    public const int FirstParameter = 7;
}

public enum RecordSort { Number, CreatedAt, UpdatedAt }

/// <summary>Another order than that of record numbers; the number still decides between equals.</summary>
public sealed record RecordOrder(RecordSort By, bool Descending);

/// <summary>What to ask of a queue.</summary>
/// <param name="Since">Adds what was exported after this time (recorded time); null: only what is not exported now.</param>
/// <param name="After">Record number to start after; 0: from the first.</param>
/// <param name="Offset">Rows to skip; cost grows with it, so cursors use <paramref name="After"/>.</param>
/// <param name="Limit">Rows to return.</param>
/// <param name="Order">Null or empty: by number. Any other order reads the whole queue, and cannot go with <paramref name="After"/>.</param>
public sealed record QueueQuestion(
    string TenantId, SystemId System, DateTimeOffset? Since, long After, long Offset, int Limit, RecordCondition? Condition = null, IReadOnlyList<RecordOrder>? Order = null);

/// <summary>One record of a page, with its item's state.</summary>
public sealed record QueuedRecord(RecordView Record, ItemState Item);

/// <summary>
/// Answers "what is not exported to this system" and "… since T" in the order of record numbers: ready records whose
/// <c>exported_since</c> is null, or after T. T equal to <c>exported_since</c> counts as exported.
/// </summary>
public sealed class ExportQueue(NpgsqlDataSource dataSource)
{
    private const string Tail = $"""
          left join ledger.items i on i.tenant_id = $1 and i.system_id = $2 and i.record_id = r.record_id
          left join ledger.attempts a on a.tenant_id = i.tenant_id and a.attempt_id = i.attempt_id
        """;

    private const string Select = $"select {RecordView.Columns}, {ItemStates.ItemColumns}";

    /// <summary>The page, and the tenant's last sealed position and the database's time when it was read.</summary>
    public async Task<(List<QueuedRecord> Records, AsOf AsOf)> ReadAsync(QueueQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var hasQueue = await HasQueueAsync(connection, question, cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(AsOf.Command(question.TenantId));
        var page = new NpgsqlBatchCommand(Sql(question, hasQueue))
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = question.TenantId }, new NpgsqlParameter<string> { TypedValue = question.System.Value },
                new NpgsqlParameter<long> { TypedValue = question.After }, new NpgsqlParameter<int> { TypedValue = question.Limit }, new NpgsqlParameter<long> { TypedValue = question.Offset },
                new NpgsqlParameter<DateTime> { TypedValue = question.Since?.UtcDateTime ?? DateTime.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        foreach (var parameter in question.Condition?.Parameters ?? []) page.Parameters.Add(parameter);
        batch.BatchCommands.Add(page);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var asOf = await AsOf.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var records = new List<QueuedRecord>();
        while (await reader.ReadAsync(cancellationToken)) records.Add(new(RecordView.Read(reader), ItemStates.ReadItem(reader, RecordView.ColumnCount)));
        return (records, asOf);
    }

    // $6 is in every form, so that a condition's parameters start at the same number in all of them.
    private static string Sql(QueueQuestion question, bool hasQueue)
    {
        var condition = question.Condition is { } own ? $"and ({own.Sql})" : "";
        const string page = "limit $4 offset $5";
        var sorted = question.Order is { Count: > 0 };
        // Without another order the queue's own number comes first: its index then gives the page without a sort.
        string By(string alias) => sorted ? OrderOf(question.Order!) : $"{alias}.number";
        if (!hasQueue)
        {
            return $"""
                {Select} from (
                  select r.* from ledger.records r
                   where r.tenant_id = $1 and r.ready_since is not null and r.number > $3 {condition}
                     and not exists (select 1 from ledger.items e where e.tenant_id = $1 and e.system_id = $2 and e.record_id = r.record_id and e.exported_since <= $6)
                   order by {By("r")} {page}) r
                {Tail} order by {By("r")}
                """;
        }
        const string queued = """
            select r.* from ledger.pending p join ledger.records r on r.tenant_id = p.tenant_id and r.record_id = p.record_id
             where p.tenant_id = $1 and p.system_id = $2 and p.ready_since is not null and p.number > $3 and $6::timestamptz is not null
            """;
        if (question.Since is null) return $"{Select} from ({queued} {condition} order by {By("p")} {page}) r {Tail} order by {By("r")}";
        return $"""
            {Select} from (
              select * from (
               ({queued} {condition} order by {By("p")} limit $4 + $5)
               union all
               (select r.* from ledger.items e join ledger.records r on r.tenant_id = e.tenant_id and r.record_id = e.record_id
                 where e.tenant_id = $1 and e.system_id = $2 and e.number > $3 and e.exported_since > $6 and r.ready_since is not null {condition}
                 order by {By("e")} limit $4 + $5)) r
              order by {By("r")} {page}) r
            {Tail} order by {By("r")}
            """;
    }

    private static string OrderOf(IReadOnlyList<RecordOrder> order) => string.Join(", ", order
        .Select(by => $"r.{by.By switch { RecordSort.CreatedAt => "created_at", RecordSort.UpdatedAt => "updated_at", _ => "number" }}{(by.Descending ? " desc" : "")}")
        .Append("r.number"));

    // A system nobody has written to has no queue, and a new one's may still be filling: ask the records themselves then.
    private static async Task<bool> HasQueueAsync(NpgsqlConnection connection, QueueQuestion question, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select 1 from ledger.systems where tenant_id = $1 and system_id = $2 and offered_through is null", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = question.TenantId }, new NpgsqlParameter<string> { TypedValue = question.System.Value } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }
}
