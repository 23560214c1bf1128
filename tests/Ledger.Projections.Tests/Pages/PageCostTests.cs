using Ledger.Projections.Items;
using Npgsql;

namespace Ledger.Projections.Tests.Pages;

/// <summary>What a page of a hundred costs, in blocks touched: no clock takes part, and no size of the ledger.</summary>
[Collection(nameof(ManyRecords))]
public sealed class PageCostTests(ManyRecords ledger)
{
    private const int Limit = 100;
    private const long Bound = 400;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, double> NowCases => new(["scarce", "some", "everything", "never-seen"], [0, 0.5, 0.999, 1]);
    public static MatrixTheoryData<string, double, int> SinceCases => new(["scarce", "some", "everything"], [0, 0.5, 0.999, 1], [0, 25, 50, 75, 100]);

    [Theory]
    [MemberData(nameof(NowCases))]
    public async Task Not_exported(string system, double place) => await CheckAsync(new(ManyRecords.Tenant, new(system), null, Number(place), 0, Limit));

    [Theory]
    [MemberData(nameof(SinceCases))]
    public async Task Not_exported_since(string system, double place, int percentOfHistory) =>
        await CheckAsync(new(ManyRecords.Tenant, new(system), TimeAt(percentOfHistory), Number(place), 0, Limit));

    [Theory]
    [InlineData("everything", null, 0)]
    [InlineData("everything", null, 130)]
    [InlineData("some", 50, 0)]
    [InlineData("some", 50, 130)]
    [InlineData("some", 100, 0)]
    public async Task A_filter_that_leaves_out_most_of_the_queue_still_fills_its_page(string system, int? percentOfHistory, long offset)
    {
        var question = new QueueQuestion(ManyRecords.Tenant, new(system), percentOfHistory is { } percent ? TimeAt(percent) : null, 1_000, offset, Limit,
            new RecordCondition($"r.number % 97 = ${RecordCondition.FirstParameter}", [new NpgsqlParameter<int> { TypedValue = 5 }]));

        var (records, _) = await ledger.Queue.ReadAsync(question, Cancellation);

        var expected = await ledger.NumbersAsync(question with { Limit = int.MaxValue, Offset = 0 });
        records.Select(record => record.Record.State.Number).ShouldBe(expected.Where(number => number % 97 == 5).Skip((int)offset).Take(Limit));
    }

    // The contract that has filters promises whole pages, so what a filter leaves out has to be looked at: a record costs its look-up, and nothing more.
    [Theory]
    [InlineData("everything", null, 2)]
    [InlineData("everything", null, 10)]
    [InlineData("everything", null, 97)]
    [InlineData("some", 50, 10)]
    [InlineData("some", 50, 97)]
    public async Task A_filter_costs_what_it_leaves_out(string system, int? percentOfHistory, int oneOf)
    {
        var question = new QueueQuestion(ManyRecords.Tenant, new(system), percentOfHistory is { } percent ? TimeAt(percent) : null, 1_000, 0, Limit,
            new RecordCondition($"r.number % {oneOf} = ${RecordCondition.FirstParameter}", [new NpgsqlParameter<int> { TypedValue = 1 }]));
        await ledger.Queue.ReadAsync(question, Cancellation);

        var ((records, _), blocks) = await ledger.CountAsync(() => ledger.Queue.ReadAsync(question, Cancellation));

        var last = records.Count == Limit ? records[^1].Record.State.Number : long.MaxValue;
        var passed = (await ledger.NumbersAsync(question with { Limit = int.MaxValue })).TakeWhile(number => number <= last).Count();
        var looked = (passed * 3 / 2) + (2 * Limit);   // the first round knows nothing of the filter, the others ask for a quarter more than they expect to need
        TestContext.Current.TestOutputHelper?.WriteLine($"one of {oneOf}: {records.Count} records among {passed}, {blocks} blocks");
        blocks.ShouldBeInRange(passed, 4L * looked);
    }

    private static long Number(double place) => (long)(ManyRecords.Count * place);

    // Exports were spread over the last hundred days, up to midnight.
    private static DateTimeOffset TimeAt(int percent) => new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(percent - 100);

    private async Task CheckAsync(QueueQuestion question)
    {
        var expected = await ledger.NumbersAsync(question);
        foreach (var (who, queue) in new[] { ("a request", ledger.Queue), ("the owner", ledger.QueueOfOwner) })
        {
            // Plans and catalogs are in hand after the first time, as they are in a service that runs.
            await queue.ReadAsync(question, Cancellation);
            var ((records, _), blocks) = await ledger.CountAsync(() => queue.ReadAsync(question, Cancellation));
            TestContext.Current.TestOutputHelper?.WriteLine($"{who}: {records.Count} records, {blocks} blocks");
            records.Select(record => record.Record.State.Number).ShouldBe(expected, who);
            blocks.ShouldBeInRange(1, Bound, who);
        }
    }
}
