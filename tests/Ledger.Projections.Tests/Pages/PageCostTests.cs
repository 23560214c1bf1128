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

    // Records are numbered as they were created: a run of time is a run of numbers. A first round finds that the filter keeps nothing of the queue's head; then its records
    // are looked for by their times. Both look at as many as the page and what it skips.
    [Theory]
    [InlineData("scarce", null, 0)]
    [InlineData("some", null, 0)]
    [InlineData("everything", null, 0)]
    [InlineData("everything", null, 60)]
    [InlineData("scarce", 50, 0)]
    [InlineData("some", 0, 0)]
    [InlineData("some", 50, 0)]
    [InlineData("some", 100, 0)]
    [InlineData("some", 100, 60)]
    public async Task A_filter_that_keeps_a_thousandth(string system, int? percentOfHistory, long offset)
    {
        var last = ManyRecords.CreatedAt(ManyRecords.Count);
        var first = ManyRecords.CreatedAt(ManyRecords.Count - (ManyRecords.Count / 1_000) + 1);
        await CheckAsync(Filtered(system, percentOfHistory, offset, 60, [new(first, last)], []), number => number > ManyRecords.Count - (ManyRecords.Count / 1_000), (percentOfHistory, offset) switch { (null, 0) => Bound, (_, 0) => 500, _ => 700 });
    }

    [Theory]
    [InlineData("everything", null, 20)]
    [InlineData("everything", null, 200)]
    [InlineData("some", null, 20)]
    [InlineData("some", 50, 20)]
    [InlineData("some", 50, 200)]
    [InlineData("some", 100, 200)]
    [InlineData("never-seen", null, 200)]
    public async Task A_filter_that_keeps_few_scattered_records_costs_a_look_at_each(string system, int? percentOfHistory, int runs)
    {
        var step = ManyRecords.Count / runs;
        List<TimeRun> scattered = [.. Enumerable.Range(1, runs).Select(place => ManyRecords.CreatedAt(place * step)).Select(at => new TimeRun(at, at))];
        // A page of its first round, then for each run the way down the index, and a look at the queue, at the items and at the record.
        await CheckAsync(Filtered(system, percentOfHistory, 0, 60, scattered, []), number => number % step == 0, Bound + (14 * runs));
    }

    [Theory]
    [InlineData("scarce", null)]
    [InlineData("everything", null)]
    [InlineData("some", 50)]
    public async Task A_filter_that_keeps_nothing_costs_the_first_round(string system, int? percentOfHistory) =>
        await CheckAsync(Filtered(system, percentOfHistory, 0, 60, [], [new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1))]), _ => false, Bound);

    [Theory]
    [InlineData("everything", null)]
    [InlineData("some", 50)]
    public async Task A_filter_that_keeps_everything_costs_no_more_than_none(string system, int? percentOfHistory) =>
        await CheckAsync(Filtered(system, percentOfHistory, 0, 60, [], [new(DateTimeOffset.UnixEpoch, null)]), _ => true, Bound);

    // How much of the ledger's order by time a sorted page reads follows the filter too.
    [Theory]
    [InlineData("everything", null)]
    [InlineData("some", 50)]
    public async Task A_sorted_page_of_a_filter_that_keeps_a_thousandth(string system, int? percentOfHistory)
    {
        var kept = ManyRecords.Count / 1_000;
        var question = Filtered(system, percentOfHistory, 0, (int)kept, [new(ManyRecords.CreatedAt(ManyRecords.Count - kept + 1), null)], []) with { After = 0, Order = [new(RecordSort.UpdatedAt, Descending: true)] };
        var expected = (await ledger.NumbersAsync(question with { Limit = int.MaxValue })).Where(number => number > ManyRecords.Count - kept).Reverse();
        await ledger.Queue.ReadAsync(question, Cancellation);
        var ((records, _), blocks) = await ledger.CountAsync(() => ledger.Queue.ReadAsync(question, Cancellation));
        TestContext.Current.TestOutputHelper?.WriteLine($"{records.Count} records, {blocks} blocks");
        records.Select(record => record.Record.State.Number).ShouldBe(expected);
        blocks.ShouldBeInRange(1, Bound + (5 * kept));
    }

    private static QueueQuestion Filtered(string system, int? percentOfHistory, long offset, int limit, IReadOnlyList<TimeRun> created, IReadOnlyList<TimeRun> updated)
    {
        var parameters = new List<NpgsqlParameter>();
        string Of(string column, IReadOnlyList<TimeRun> runs) => string.Join(" or ", runs.Select(run =>
        {
            parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (run.From ?? DateTimeOffset.MinValue).UtcDateTime });
            parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (run.To ?? DateTimeOffset.MaxValue).UtcDateTime });
            return $"{column} between ${RecordCondition.FirstParameter + parameters.Count - 2} and ${RecordCondition.FirstParameter + parameters.Count - 1}";
        }));
        var sql = string.Join(" or ", new[] { Of("r.created_at", created), Of("r.updated_at", updated) }.Where(part => part.Length > 0));
        return new(ManyRecords.Tenant, new(system), percentOfHistory is { } percent ? TimeAt(percent) : null, 1_000, offset, limit, new(sql, parameters, [new(created, updated)]), WithItems: false);
    }

    private async Task CheckAsync(QueueQuestion question, Func<long, bool> keeps, long bound)
    {
        var expected = (await ledger.NumbersAsync(question with { Limit = int.MaxValue })).Where(keeps).Skip((int)question.Offset).Take(question.Limit);
        await ledger.Queue.ReadAsync(question, Cancellation);
        var ((records, _), blocks) = await ledger.CountAsync(() => ledger.Queue.ReadAsync(question, Cancellation));
        TestContext.Current.TestOutputHelper?.WriteLine($"{records.Count} records, {blocks} blocks");
        records.Select(record => record.Record.State.Number).ShouldBe(expected);
        blocks.ShouldBeInRange(1, bound);
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
