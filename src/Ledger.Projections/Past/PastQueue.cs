using Ledger.Domain;
using Ledger.Projections.Items;
using Ledger.Projections.Records;
using Npgsql;

namespace Ledger.Projections.Past;

/// <param name="After">Record number to start after; 0: from the first.</param>
public sealed record PastQueueQuestion(string TenantId, SystemId System, long Position, long After, int Limit);

/// <summary>
/// Answers "what was not exported to this system" as it would have been answered at a position: records that were ready then and not exported then, with their content and state
/// of then, in the order of their numbers. What is offered now and has not changed since is taken as it is; what may have changed is folded, some hundred at a time.
/// </summary>
/// <param name="few">See <see cref="ChangedSince"/>; tests make it small.</param>
public sealed class PastQueue(NpgsqlDataSource dataSource, int few = ChangedSince.Few)
{
    private const int Chunk = 200;

    private const string Columns = $"select {RecordView.Columns}, {ItemStates.ItemColumns}";

    private const string Attempt = "left join lateral (select * from ledger.attempts where tenant_id = $1 and attempt_id = i.attempt_id offset 0) a on true";

    private const string Item = "left join lateral (select * from ledger.items where tenant_id = $1 and system_id = $2 and record_id = r.record_id offset 0) i on true";

    // $4: what changed from then on may have changed after the position.
    private const string OfQueue = $"""
        {Columns}
          from (select number, record_id from ledger.pending where tenant_id = $1 and system_id = $2 and ready_since is not null and number > $3 order by number offset 0) q
         cross join lateral (select * from ledger.records where tenant_id = $1 and record_id = q.record_id and changed_at < $4 offset 0) r
          {Item} {Attempt}
         where i.changed_at is null or i.changed_at < $4 order by q.number limit $5
        """;

    // A system nobody had written to, or whose queue is being filled, is asked of the records themselves.
    private const string OfRecords = $"""
        {Columns}
          from (select * from ledger.records where tenant_id = $1 and ready_since is not null and number > $3 order by number offset 0) r
          {Item} {Attempt}
         where r.changed_at < $4 and (i.changed_at is null or (i.changed_at < $4 and i.exported_since is null)) order by r.number limit $5
        """;

    /// <remarks>The same question has the same answer for ever.</remarks>
    public async Task<List<QueuedRecord>> ReadAsync(PastQueueQuestion question, CancellationToken cancellationToken)
    {
        await using var snapshot = await PastSnapshot.OpenAsync(dataSource, question.TenantId, question.Position, cancellationToken);
        var unchanged = await UnchangedAsync(snapshot, question, cancellationToken);
        var changed = await ChangedSince.OfAsync(snapshot, question.System, few, cancellationToken);
        // Behind a full page nothing matters; and as soon as enough has come together below a number, nothing above it.
        var last = unchanged.Count == question.Limit ? unchanged[^1].Record.State.Number : long.MaxValue;
        var offered = new List<QueuedRecord>();
        for (var after = question.After; ;)
        {
            var candidates = await changed.NextAsync(after, last, Chunk, cancellationToken);
            offered.AddRange(await OfferedAsync(snapshot, question.System, candidates, cancellationToken));
            if (candidates.Count < Chunk) break;
            after = candidates[^1].Number;
            if (offered.Count + unchanged.Count(row => row.Record.State.Number <= after) < question.Limit) continue;
            last = after;
            break;
        }
        return [.. unchanged.Concat(offered).Where(row => row.Record.State.Number <= last).OrderBy(row => row.Record.State.Number).Take(question.Limit)];
    }

    private static async Task<List<QueuedRecord>> UnchangedAsync(PastSnapshot snapshot, PastQueueQuestion question, CancellationToken cancellationToken)
    {
        NpgsqlParameter<string> System() => new() { TypedValue = question.System.Value };
        var filled = await snapshot.ListAsync("select 1 from ledger.systems where tenant_id = $1 and system_id = $2 and offered_through is null", row => row.GetInt32(0), cancellationToken, System());
        return await snapshot.ListAsync(filled.Count > 0 ? OfQueue : OfRecords, row => new QueuedRecord(RecordView.Read(row), ItemStates.ReadItem(row, RecordView.ColumnCount)), cancellationToken,
            System(), new NpgsqlParameter<long> { TypedValue = question.After }, PastSnapshot.Time(snapshot.ChangedFrom), new NpgsqlParameter<int> { TypedValue = question.Limit });
    }

    private static async Task<List<QueuedRecord>> OfferedAsync(PastSnapshot snapshot, SystemId system, List<(long Number, RecordId Record)> candidates, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0) return [];
        var events = await snapshot.EventsAsync(candidates.SelectMany(candidate => (string[])[StreamIds.Of(candidate.Record), StreamIds.Of(system, candidate.Record)]), cancellationToken);
        var offered = new List<QueuedRecord>();
        foreach (var (_, id) in candidates)
        {
            var item = PastFold.Item(events.GetValueOrDefault(StreamIds.Of(system, id)), snapshot.Position);
            if (item.IsExported) continue;
            if (PastFold.RecordView(id, events.GetValueOrDefault(StreamIds.Of(id)), snapshot.Position) is { State.IsReady: true } record) offered.Add(new(record, item));
        }
        return offered;
    }
}
