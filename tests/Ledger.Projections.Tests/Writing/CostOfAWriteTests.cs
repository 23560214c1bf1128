using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Writing;
using Npgsql;

namespace Ledger.Projections.Tests.Writing;

/// <summary>What a report costs, counted in statements and bytes: neither looks at a clock.</summary>
public sealed class CostOfAWriteTests
{
    private static readonly SystemId Erp = new("erp");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_number_of_statements_does_not_depend_on_the_number_of_items(bool isExported)
    {
        var one = (await StatementsAsync(1, isExported)).Count;
        var hundred = await StatementsAsync(100, isExported);

        hundred.Count.ShouldBe(one, string.Join("\n---\n", hundred));
        hundred.Count.ShouldBeLessThanOrEqualTo(5, string.Join("\n---\n", hundred));
    }

    [Fact]
    public async Task A_group_of_reports_takes_as_many_statements_as_one_of_them()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        var store = new ReadingAlong(ledger.DataSource);
        var commits = new GroupCommit(store, worthwhile: 1);
        store.Begin = new();
        var first = Enumerable.Range(0, GroupCommit.GroupsAtOnce).Select(number => commits.CommitAsync(Report(1, false, $"first-{number}-"), Metadata, CancellationToken.None)).ToList();
        var others = Enumerable.Range(0, 30).Select(number => commits.CommitAsync(Report(1, false, $"other-{number}-"), Metadata, CancellationToken.None)).ToList();
        store.Begin.SetResult();
        await Task.WhenAll([.. first, .. others]);

        store.Batches.Count.ShouldBe(GroupCommit.GroupsAtOnce + 1);
        store.Batches.ShouldAllBe(batch => batch.Count == store.Batches[0].Count);
    }

    [Fact]
    public async Task A_report_allocates_less_than_two_and_a_half_kilobytes_per_event()
    {
        await using var nowhere = LedgerDataSource.Create("Host=nowhere");
        var store = new ReadingAlong(nowhere);
        long allocated = 0;
        for (var round = 0; round < 3; round++)   // the first rounds also pay for what is made once
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var committed = Report(100, isExported: true).CommitAsync(store, Metadata, cancellationToken: TestContext.Current.CancellationToken).IsCompletedSuccessfully;   // nothing in it waits: one thread does it all
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            committed.ShouldBeTrue();
        }
        (allocated / 100).ShouldBeInRange(100, 2_500);
    }

    private static readonly EventMetadata Metadata = new("request", null, "client", "native");

    private static async Task<List<string>> StatementsAsync(int items, bool isExported)
    {
        await using var nowhere = LedgerDataSource.Create("Host=nowhere");
        var store = new ReadingAlong(nowhere);
        await Report(items, isExported).CommitAsync(store, Metadata, cancellationToken: TestContext.Current.CancellationToken);
        return store.Batches.ShouldHaveSingleItem();
    }

    private static LedgerWrite Report(int items, bool isExported, string prefix = "r-")
    {
        var write = new LedgerWrite("tenant");
        var at = DateTimeOffset.UnixEpoch;
        for (var number = 0; number < items; number++)
        {
            var record = RecordState.NotRegistered with { Version = 1, Number = number };
            var item = isExported ? ItemState.Untouched with { Version = 1, ExportedSince = at, LastExportedAt = at } : ItemState.Untouched;
            var decision = (Decision<ItemEvent>.Append)ItemDecider.Decide(new ItemCommand.ReportExported(new($"JE-{number}", null, null, null)), item);
            write.Append(new ItemSnapshot(Erp, new($"{prefix}{number}"), record, item), decision.Events);
        }
        return write;
    }

    /// <summary>Notes what would be sent, and sends nothing.</summary>
    private sealed class ReadingAlong(NpgsqlDataSource dataSource) : EventStore.EventStore(dataSource)
    {
        public List<List<string>> Batches { get; } = [];

        public TaskCompletionSource? Begin { get; set; }

        public override Task<AppendResult> AppendAsync(
            string tenantId, IReadOnlyList<AppendPart> parts, Action<NpgsqlBatch>? inline = null, DateTimeOffset? recordedAt = null, CancellationToken cancellationToken = default)
        {
            using var batch = new NpgsqlBatch();
            inline?.Invoke(batch);
            lock (Batches) Batches.Add(["select ledger.append", .. batch.BatchCommands.Cast<NpgsqlBatchCommand>().Select(command => command.CommandText)]);
            return Begin is { } begin ? AfterAsync(begin.Task) : Done;
        }

        private static readonly Task<AppendResult> Done = Task.FromResult<AppendResult>(new AppendResult.Appended(DateTimeOffset.UnixEpoch));

        private static async Task<AppendResult> AfterAsync(Task begin)
        {
            await begin;
            return await Done;
        }
    }
}
