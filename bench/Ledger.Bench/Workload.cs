using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Systems;
using Ledger.Projections.Writing;

namespace Ledger.Bench;

/// <summary>
/// The same work for every line: each worker owns 2,000 exported items and reports 100 of them per batch, each with a new
/// reference: one event, one stream row and one item row per item.
/// </summary>
internal sealed class Workload(EventStore.EventStore store, string tenantId)
{
    public const int BatchSize = 100;
    public const int ItemsPerWorker = 2_000;
    public const int MaxWorkers = 8;
    public static readonly SystemId System = new("erp");
    public static readonly EventMetadata Metadata = new("bench", null, "bench", "native");

    private static long _reference;

    /// <summary>A reference no report had before: the same one again would be a repeat and write nothing.</summary>
    public static string NextReference() => string.Create(CultureInfo.InvariantCulture, $"JE-{Interlocked.Increment(ref _reference)}");

    public ItemStates States { get; } = new(store.DataSource);

    public static RecordId[] Batch(int worker, int round)
    {
        var ids = new RecordId[BatchSize];
        for (var index = 0; index < BatchSize; index++)
        {
            var number = 1 + (worker * ItemsPerWorker) + (((round * BatchSize) + index) % ItemsPerWorker);
            ids[index] = new(number.ToString(CultureInfo.InvariantCulture));
        }
        return ids;
    }

    /// <summary>Registers the records and exports each once, so that every line updates what exists.</summary>
    public async Task PrepareAsync()
    {
        await new SystemRegistry(store.DataSource).EnsureKnownAsync(tenantId, System, CancellationToken.None);
        for (var worker = 0; worker < MaxWorkers; worker++)
        {
            for (var round = 0; round < ItemsPerWorker / BatchSize; round++)
            {
                var write = new LedgerWrite(tenantId);
                foreach (var id in Batch(worker, round)) write.Append(new Projections.Records.RecordSnapshot(id, RecordState.NotRegistered), Registered(id));
                await write.CommitAsync(store, Metadata);
                await ReportAsync(worker, round, reading: true);
            }
        }
    }

    /// <summary>Through the library: read the items' state, decide, append with the read models.</summary>
    /// <param name="reading">False leaves the reading out of the measured line by keeping the states in hand.</param>
    public async Task<int> ReportAsync(int worker, int round, bool reading, Dictionary<RecordId, ItemSnapshot>? states = null)
    {
        var ids = Batch(worker, round);
        var known = reading ? await States.LoadAsync(tenantId, System, ids, CancellationToken.None) : states!;
        var write = new LedgerWrite(tenantId);
        var reference = NextReference();
        foreach (var id in ids)
        {
            var command = new ItemCommand.ReportExported(new(reference, null, null, null));
            if (ItemDecider.Decide(command, known[id].Item) is not Decision<ItemEvent>.Append append) throw new InvalidOperationException("The report decided nothing.");
            var after = write.Append(known[id], append.Events);
            if (!reading) known[id] = known[id] with { Item = after };
        }
        return await write.CommitAsync(store, Metadata) is AppendResult.Appended ? ids.Length : throw new InvalidOperationException("Workers own their items: no conflict can happen.");
    }

    private static RecordEvent.RecordRegistered Registered(RecordId id)
    {
        var money = new Money(12_50, "EUR");
        var content = new RecordContent(RecordKind.AccountingEntry, SourceType.Card, Stage.Ready, money, null, null, null, "bench", "6640", "1920",
            [new("1", LineSide.Debit, money, "6640", null, null), new("2", LineSide.Credit, money, "1920", null, null)], null, null, null, null);
        return new(long.Parse(id.Value, CultureInfo.InvariantCulture), RecordIdentity.UuidOf("bench", id), content, ContentHash.Of(content));
    }
}
