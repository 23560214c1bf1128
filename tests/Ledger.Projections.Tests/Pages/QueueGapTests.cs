using System.Data;
using Ledger.Domain;
using Ledger.Projections.Items;

namespace Ledger.Projections.Tests.Pages;

/// <summary>A queue whose head was exported a moment ago, while somebody holds a snapshot from before: vacuum can remove nothing.</summary>
[Collection(nameof(ManyRecords))]
public sealed class QueueGapTests(ManyRecords ledger)
{
    private const int Limit = 100;
    private static readonly SystemId Erp = ManyRecords.Drained;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_reads_past_what_was_exported_and_whatever_is_offered_again_is_in_it_at_once()
    {
        await using var elsewhere = await ledger.OpenElsewhereAsync();
        await using var old = await elsewhere.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancellation);
        await ManyRecords.RunAsync(elsewhere, "select count(*) from ledger.systems");

        // A hundred thousand exports; a few records in between stay, as those an accounting system refuses do.
        await ledger.ExportAsync(Erp, "number <= 100000 and number % 30000 <> 17");
        (await PageAsync()).Blocks.ShouldBeGreaterThan(1_000, "without gaps this costs what was exported");

        // A record on its way to being offered again, while the gaps are noted: not seen by those who look, and not seeing the gap.
        await using var writing = await ledger.OpenElsewhereAsync();
        await using var transaction = await writing.BeginTransactionAsync(Cancellation);
        await ManyRecords.RunAsync(writing, Reopen(50_000));
        var gaps = new QueueGaps(ledger.DataSource);
        while (await gaps.RefreshAsync(Cancellation) > 0) { }
        (await GapsAsync("confirmed")).ShouldBe(0, "the writer may have offered something in any of them");
        await transaction.CommitAsync(Cancellation);
        await ManyRecords.RunAsync(writing, "select pg_stat_force_next_flush()");   // or its blocks would be counted with a page's, some time later
        // Other tests use this server, too, and a transaction of theirs may be older than the barrier.
        for (var pass = 0; pass < 10 || (pass < 1_200 && await GapsAsync("confirmed") <= 80); pass++)
        {
            await gaps.RefreshAsync(Cancellation);
            if (pass >= 10) await Task.Delay(50, Cancellation);
        }
        (await GapsAsync("confirmed")).ShouldBeGreaterThan(80);

        var (numbers, blocks) = await PageAsync();
        numbers.ShouldBe([17, 30_017, 50_000, 60_017, 90_017, .. Enumerable.Range(100_001, Limit - 5).Select(number => (long)number)]);
        blocks.ShouldBeInRange(1, 400);

        // Inside confirmed gaps: by a re-open, by a record that becomes ready.
        await ledger.RunAsync(Reopen(70_000));
        await ledger.RunAsync(Reopen(20_000, ready: false));
        (await PageAsync()).Numbers.ShouldBe([17, 30_017, 50_000, 60_017, 70_000, 90_017, .. Enumerable.Range(100_001, Limit - 6).Select(number => (long)number)]);
        await ledger.RunAsync("update ledger.pending set ready_since = now() where number = 20000 and ready_since is null");
        (numbers, blocks) = await PageAsync();
        numbers.ShouldBe([17, 20_000, 30_017, 50_000, 60_017, 70_000, 90_017, .. Enumerable.Range(100_001, Limit - 7).Select(number => (long)number)]);
        blocks.ShouldBeInRange(1, 600, "each run of numbers that is not empty any more is read");

        // Once vacuum has been there the gaps are of no use, and go.
        await old.RollbackAsync(Cancellation);
        await ledger.RunAsync("vacuum ledger.pending");
        await ledger.RunAsync("update ledger.queue_gaps set noted_at = now() - interval '1 hour'");
        await ledger.RunAsync("update ledger.number_blocks set newest = now() - interval '1 hour' where level = 2");
        await gaps.RefreshAsync(Cancellation);
        (await GapsAsync("true")).ShouldBe(0);
        (await PageAsync()).Blocks.ShouldBeInRange(1, 400);
    }

    private static string Reopen(long number, bool ready = true) => $"""
        update ledger.items set exported_since = null where tenant_id = '{ManyRecords.Tenant}' and system_id = 'drained' and number = {number};
        insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since, touched) values ('{ManyRecords.Tenant}', 'drained', {number}, '{number}', {(ready ? "now()" : "null")}, true)
        """;

    private async Task<long> GapsAsync(string condition) => (long)(await ledger.ScalarAsync($"select count(*) from ledger.queue_gaps where {condition}"))!;

    private async Task<(List<long> Numbers, long Blocks)> PageAsync()
    {
        var question = new QueueQuestion(ManyRecords.Tenant, Erp, null, 0, 0, Limit);
        await ledger.Queue.ReadAsync(question, Cancellation);
        var ((records, _), blocks) = await ledger.CountAsync(() => ledger.Queue.ReadAsync(question, Cancellation));
        TestContext.Current.TestOutputHelper?.WriteLine($"{records.Count} records, {blocks} blocks");
        return ([.. records.Select(record => record.Record.State.Number)], blocks);
    }
}
