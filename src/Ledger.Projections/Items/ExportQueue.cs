using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.Projections.Records;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Items;

/// <summary>A condition of a dialect's own on the records of a page, ANDed to the question.</summary>
/// <param name="Sql">A boolean expression over alias <c>r</c> (of table <c>ledger.records</c>: <c>number</c>, <c>created_at</c>, <c>updated_at</c>) with parameters numbered from <see cref="FirstParameter"/>. Never holds a caller's text.</param>
/// <param name="Ways">Each by itself leads to every record the condition keeps; the shortest is taken where it is short enough. None: the queue is read through.</param>
public sealed record RecordCondition(string Sql, IReadOnlyList<NpgsqlParameter> Parameters, IReadOnlyList<RecordTimes>? Ways = null)
{
    public const int FirstParameter = 9;
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
/// <param name="WithItems">False: nobody looks at the items' states; they come back untouched, and the page costs less.</param>
public sealed record QueueQuestion(
    string TenantId, SystemId System, DateTimeOffset? Since, long After, long Offset, int Limit, RecordCondition? Condition = null, IReadOnlyList<RecordOrder>? Order = null,
    bool WithItems = true);

/// <summary>One record of a page, with its item's state.</summary>
public sealed record QueuedRecord(RecordView Record, ItemState Item);

/// <summary>
/// Answers "what is not exported to this system" and "… since T" in the order of record numbers: ready records whose
/// <c>exported_since</c> is null, or after T. T equal to <c>exported_since</c> counts as exported.
/// </summary>
public sealed class ExportQueue(NpgsqlDataSource dataSource)
{
    /// <summary>How many rows a round looks at, at most, when a condition leaves out so many that a page takes several.</summary>
    private const long MaxRound = 8_192;

    /// <summary>The page, and the tenant's last sealed position and the database's time when it was read.</summary>
    public async Task<(List<QueuedRecord> Records, AsOf AsOf)> ReadAsync(QueueQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var (asOf, source) = await BeginAsync(connection, question, cancellationToken);
        var records = new List<QueuedRecord>(question.Limit);
        var (after, skip, round) = (question.After, question.Offset, Math.Min(question.Offset + question.Limit, MaxRound));
        var (looked, kept, tried) = (0L, 0L, 0L);
        long[]? among = null;
        if (!QueueSql.GoesInRounds(question, source)) await LookForFewAsync(MaxRound);
        while (true)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(question.TenantId) } };
            batch.BatchCommands.Add(Page(QueueSql.Page(question, source, round, among is not null), question, after, question.Limit - records.Count, skip, round, among));
            var (seen, keptNow) = (0L, 0L);
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    if (!reader.IsDBNull(QueueSql.Seen)) (seen, after, keptNow) = (reader.GetInt64(QueueSql.Seen), reader.GetInt64(QueueSql.Last), reader.GetInt64(QueueSql.Kept));
                    if (!reader.IsDBNull(QueueSql.Record)) records.Add(Read(reader, question.WithItems));
                    else skip -= reader.GetInt64(QueueSql.Kept);   // the whole round was skipped
                }
            }
            if (seen < round || records.Count >= question.Limit) return (records, asOf);
            if (records.Count > 0) skip = 0;
            (looked, kept) = (looked + seen, kept + keptNow);
            round = NextRound(question.Limit - records.Count + skip, looked, kept);
            if (await LookForFewAsync(round)) (round, looked, kept) = (Math.Min(question.Limit - records.Count + skip, MaxRound), 0, 0);
        }

        // Looks at no more entries of an index than the next round would at records: what a filter that keeps many costs grows by a fraction.
        async Task<bool> LookForFewAsync(long most)
        {
            if (among is not null || most <= tried || question.Condition?.Ways is not { } ways) return false;
            tried = most;
            among = await RecordTimes.FindAsync(connection, question.TenantId, ways, after, most, cancellationToken);
            return among is not null;
        }
    }

    // As many as will do if the condition goes on as it began, and a quarter more: a row looked at in vain costs as much as one that is kept.
    private static long NextRound(long missing, long looked, long kept)
    {
        if (kept == 0) return Math.Min(looked * 4, MaxRound);
        var enough = Math.Min(missing, MaxRound);
        return Math.Min(Math.Max(enough, enough * looked / kept * 5 / 4), MaxRound);
    }

    internal static NpgsqlBatchCommand Page(string sql, QueueQuestion question, long after, int limit, long skip, long round, long[]? among = null)
    {
        var page = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = question.TenantId }, new NpgsqlParameter<string> { TypedValue = question.System.Value },
                new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = limit }, new NpgsqlParameter<long> { TypedValue = skip },
                new NpgsqlParameter<DateTime> { TypedValue = question.Since?.UtcDateTime ?? DateTime.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new NpgsqlParameter<long> { TypedValue = round }, new NpgsqlParameter<long[]> { TypedValue = among ?? [] },
            },
        };
        foreach (var parameter in question.Condition?.Parameters ?? []) page.Parameters.Add(parameter.Clone());
        return page;
    }

    private static QueuedRecord Read(NpgsqlDataReader row, bool withItems) =>
        new(RecordView.Read(row, QueueSql.Record), withItems ? ItemStates.ReadItem(row, QueueSql.Record + RecordView.ColumnCount) : ItemState.Untouched);

    // What an answer speaks for is read before anything else of it. A system nobody has written to has no queue, and a new one's may still be filling: ask the records themselves then.
    private static async Task<(AsOf AsOf, QueueSource Source)> BeginAsync(NpgsqlConnection connection, QueueQuestion question, CancellationToken cancellationToken)
    {
        var source = new NpgsqlBatchCommand("select offered_through is null from ledger.systems where tenant_id = $1 and system_id = $2")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = question.TenantId }, new NpgsqlParameter<string> { TypedValue = question.System.Value } },
        };
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(question.TenantId), AsOf.Command(question.TenantId), source } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var asOf = await AsOf.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (asOf, !await reader.ReadAsync(cancellationToken) ? QueueSource.Records : reader.GetBoolean(0) ? QueueSource.Queue : QueueSource.RecordsLessExported);
    }
}
