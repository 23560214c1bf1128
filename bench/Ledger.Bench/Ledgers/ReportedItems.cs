using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Records;
using Ledger.Projections.Systems;
using Ledger.Projections.Writing;

namespace Ledger.Bench.Ledgers;

/// <summary>
/// 16,000 items, each exported once. Every line that appends reports on them again, each time with a new reference: one event, one stream row
/// and one item row per item, the same rows whoever writes them. Workers own theirs, so nobody waits for anybody's item.
/// </summary>
internal sealed class ReportedItems(EventStore.EventStore store, string tenantId)
{
    public const int Count = 16_000;
    public static readonly SystemId System = new("erp");
    public static readonly EventMetadata Metadata = new("bench", null, "bench", "native");

    private static long s_reference;

    private readonly int[] _rounds = new int[64];
    private ItemStates States { get; } = new(store.DataSource);

    /// <summary>A number no report had before: the same one again would be a repeat and write nothing.</summary>
    public static long NextReference() => Interlocked.Increment(ref s_reference);

    /// <summary>Numbers, which are the ids, of the next items of a worker; all of its own in turn.</summary>
    public void NextBatch(int worker, int workers, Span<long> numbers)
    {
        var own = Count / workers;
        for (var index = 0; index < numbers.Length; index++) numbers[index] = 1 + (worker * own) + (((_rounds[worker] * numbers.Length) + index) % own);
        _rounds[worker]++;
    }

    /// <summary>Registers the records and exports each once, so that every line updates what exists.</summary>
    public async Task PrepareAsync()
    {
        await new SystemRegistry(store.DataSource).EnsureKnownAsync(tenantId, System, CancellationToken.None);
        foreach (var chunk in Enumerable.Range(1, Count).Select(Id).Chunk(1_000))
        {
            var write = new LedgerWrite(tenantId);
            foreach (var id in chunk) write.Append(new RecordSnapshot(id, RecordState.NotRegistered), Registered(tenantId, id));
            await CommitAsync(write);
            await ReportAsync(chunk, null);
        }
        await using var analyze = store.DataSource.CreateCommand("vacuum analyze");
        await analyze.ExecuteNonQueryAsync();
    }

    /// <summary>States of a worker's items, to be kept in hand instead of read for each report.</summary>
    public Task<Dictionary<RecordId, ItemSnapshot>> InHandAsync(int worker, int workers) =>
        States.LoadAsync(tenantId, System, [.. Enumerable.Range(1 + (worker * (Count / workers)), Count / workers).Select(Id)], CancellationToken.None);

    /// <summary>Through the library: read the items' states unless they are in hand, decide, append with the read models.</summary>
    public async Task<int> ReportAsync(int worker, int workers, int batch, Dictionary<RecordId, ItemSnapshot>? inHand)
    {
        var numbers = new long[batch];
        NextBatch(worker, workers, numbers);
        return await ReportAsync([.. numbers.Select(number => Id(number))], inHand);
    }

    private async Task<int> ReportAsync(RecordId[] ids, Dictionary<RecordId, ItemSnapshot>? inHand)
    {
        var known = inHand ?? await States.LoadAsync(tenantId, System, ids, CancellationToken.None);
        var write = new LedgerWrite(tenantId);
        var report = new ItemCommand.ReportExported(new(string.Create(CultureInfo.InvariantCulture, $"JE-{NextReference()}"), null, null, null));
        foreach (var id in ids)
        {
            if (ItemDecider.Decide(report, known[id].Item) is not Decision<ItemEvent>.Append append) throw new InvalidOperationException("The report decided nothing.");
            var after = write.Append(known[id], append.Events);
            if (inHand is not null) inHand[id] = known[id] with { Item = after };
        }
        await CommitAsync(write);
        return ids.Length;
    }

    private async Task CommitAsync(LedgerWrite write)
    {
        if (await write.CommitAsync(store, Metadata) is not AppendResult.Appended) throw new InvalidOperationException("Workers own their items: no conflict can happen.");
    }

    public static RecordEvent.RecordRegistered Registered(string tenantId, RecordId id)
    {
        var money = new Money(12_50, "EUR");
        var content = new RecordContent(RecordKind.AccountingEntry, SourceType.Card, Stage.Ready, money, null, null, null, "bench", "6640", "1920",
            [new("1", LineSide.Debit, money, "6640", null, null), new("2", LineSide.Credit, money, "1920", null, null)], null, null, null, null);
        return new(RecordIdentity.NumberOf(id) ?? 0, RecordIdentity.UuidOf(tenantId, id), content, ContentHash.Of(content));
    }

    private static RecordId Id(int number) => Id((long)number);
    private static RecordId Id(long number) => new(number.ToString(CultureInfo.InvariantCulture));
}
