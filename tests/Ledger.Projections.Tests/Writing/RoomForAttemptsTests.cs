using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Writing;

namespace Ledger.Projections.Tests.Writing;

/// <summary>A report on all items of a job leaves every attempt on its page: so none of their indexes gets an entry.</summary>
public sealed class RoomForAttemptsTests
{
    private const int Count = 300;
    private static readonly SystemId Erp = new("erp");
    private static readonly JobId Job = JobId.New();

    [Fact]
    public async Task Attempts_that_are_all_reported_on_at_once_stay_on_their_pages()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        var attempts = Enumerable.Range(0, Count).Select(_ => AttemptId.New()).ToList();
        var opened = await WriteAsync(ledger, Enumerable.Repeat(ItemState.Untouched, Count), number => new ItemCommand.RequestExport(attempts[number], Job, number, "export_jobs", true, true));
        var pages = await PagesAsync(ledger);

        await WriteAsync(ledger, opened, _ => new ItemCommand.UpdateAttempt(Job, AttemptStatus.InProgress, ExportReference.None, null, null));

        (await ledger.ScalarAsync<long>("select count(*) from ledger.attempts where status = 'in_progress'")).ShouldBe(Count);
        (await PagesAsync(ledger)).ShouldBe(pages);
    }

    private static async Task<List<ItemState>> WriteAsync(CommitsInHand ledger, IEnumerable<ItemState> states, Func<int, ItemCommand> command)
    {
        var write = new LedgerWrite("a tenant");
        var after = states.Select((state, number) =>
        {
            var decision = ItemDecider.Decide(command(number), state).ShouldBeOfType<Decision<ItemEvent>.Append>();
            return write.Append(new ItemSnapshot(Erp, new($"r-{number}"), RecordState.NotRegistered with { Version = 1, Number = number }, state), decision.Events);
        }).ToList();
        (await write.CommitAsync(ledger.Store, CommitsInHand.Metadata("a job"), cancellationToken: TestContext.Current.CancellationToken)).ShouldBeOfType<AppendResult.Appended>();
        return after;
    }

    /// <summary>The number of each attempt's page, in the order of the attempts.</summary>
    private static Task<string> PagesAsync(CommitsInHand ledger) => ledger.ScalarAsync<string>("select string_agg(((ctid::text::point)[0])::int::text, ' ' order by attempt_id) from ledger.attempts");
}
