using System.Globalization;
using System.Net;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Projections;
using Ledger.Projections.Past;
using Ledger.Projections.Rebuild;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.ThePast;

/// <summary>
/// Random histories through the APIs, with a clock that is set back now and then. What every question answers at a moment is kept while it is now, and asked again as the past
/// after everything else has happened and the read models were built anew.
/// </summary>
public sealed class ThePastTests
{
    private const int Records = 4;
    private const int Histories = 4;

    private static readonly Gen<int> Record = Gen.Choose(1, Records);
    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, Record.Zip(Gen.Choose(0, 2)).Zip(Flag).Select(Step (pair) => new Step.Register(pair.Item1.Item1, pair.Item1.Item2, pair.Item2))),
        (2, Record.Zip(Flag).Select(Step (pair) => new Step.Stage(pair.Item1, pair.Item2))),
        (1, Record.Select(Step (record) => new Step.Withdraw(record))),
        (7, Gen.Choose(0, 1).Zip(Record).Zip(Flag).Select(Step (pair) => new Step.Report(pair.Item1.Item1, pair.Item1.Item2, pair.Item2))),
        (3, Record.Select(Step (record) => new Step.Reopen(record))),
        (2, Record.Select(Step (record) => new Step.Mark(record))),
        (2, Record.Select(Step (record) => new Step.Export(record))),
        (3, Record.Zip(Record).Select(Step (pair) => new Step.CreateJob(pair.Item1, pair.Item2))),
        (3, Record.Zip(Flag).Select(Step (pair) => new Step.UpdateItem(pair.Item1, pair.Item2))),
        (2, Gen.Elements("started", "completed", "failed").Select(Step (name) => new Step.JobEvent(name))),
        (4, Gen.Choose(0, 120).Select(Step (seconds) => new Step.Clock(seconds))));

    [Fact]
    public async Task Stays_as_it_was_answered_when_it_was_now()
    {
        var clock = new ManualClock(History.Start);
        await using var host = LedgerHost.WithClock(clock);
        await host.ServicesAsync();
        var histories = Arb.From(Steps.ListOf(26).Select(steps => steps.ToArray()), steps => Enumerable.Range(0, steps.Length).Select(index => steps.Where((_, at) => at != index).ToArray()));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithQuietOnSuccess(true), Prop.ForAll(histories, steps => Task.Run(() => RunAsync(host, clock, steps)).GetAwaiter().GetResult()));
    }

    private static async Task RunAsync(LedgerHost host, ManualClock clock, Step[] steps)
    {
        var tenant = await host.NewTenantAsync();
        var (history, questions) = (new History(tenant, clock), new Questions(tenant));
        var kept = new SortedDictionary<long, Dictionary<string, string>>();
        // Something has happened in each system, so that now lists both, as the past does.
        Step[] before = [.. Enumerable.Range(1, Records - 1).Select(record => new Step.Register(record, 0, Ready: true)), new Step.Report(0, 1, true), new Step.Report(1, 2, false)];
        foreach (var (index, step) in before.Concat(steps).Index())
        {
            await history.DoAsync(step);
            if (index < before.Length - 1 || index % 3 != 0) continue;
            await tenant.SealedAsync();
            var head = await tenant.CountEventsAsync();
            string[] paths = [.. Questions.Paths(Records, history.Jobs)];
            foreach (var path in paths) (await questions.ContentAsync(path, $"as_of_position={head}")).ShouldBe(await questions.ContentAsync(path, null), $"now and at position {head}: {path}, after {step}");
            kept[head] = await questions.AtAsync(head, paths);
        }
        // Nothing in the past knows of a record or a system that came later.
        foreach (var step in (Step[])[new Step.Register(Records + 1, 1, true), new Step.Report(0, Records + 1, true), new Step.Withdraw(1), new Step.Reopen(2), new Step.Report(1, 3, true)]) await history.DoAsync(step);
        await tenant.SealedAsync();
        var rebuild = await new ReadModelRebuild((await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>()).RunAsync(replace: true, cancellationToken: TestContext.Current.CancellationToken);
        rebuild.IsEqual.ShouldBeTrue();

        foreach (var (position, answers) in kept)
        {
            foreach (var (question, answer) in answers) (await AskAsync(tenant, question)).ShouldBe(answer, $"{question}, asked again");
            await ShouldNotDependOnTheWayAsync(host, tenant, position);
        }
        await ShouldDifferAsCompareAsync(questions, [.. kept.Keys]);
        await ShouldNotDependOnWhatIsKeptOfSystemsAsync(host, tenant, kept);
    }

    private static async Task<string> AskAsync(TestTenant tenant, string question) =>
        await tenant.Http.AskAsync(question) is var answer && answer.Status == HttpStatusCode.OK ? answer.Text : answer.Status.ToString();

    // Few candidates are sorted, many are walked to; a page may end anywhere.
    private static async Task ShouldNotDependOnTheWayAsync(LedgerHost host, TestTenant tenant, long position)
    {
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        async Task<List<string>> ListAsync(PastQueue queue, int limit)
        {
            var (rows, after) = (new List<string>(), 0L);
            while (await queue.ReadAsync(new(tenant.Id, new SystemId("erp"), position, after, limit), TestContext.Current.CancellationToken) is { Count: > 0 } page)
            {
                rows.AddRange(page.Select(row => JsonSerializer.Serialize(row)));
                after = page[^1].Record.State.Number;
            }
            return rows;
        }
        var whole = await ListAsync(new PastQueue(dataSource), 100);
        (await ListAsync(new PastQueue(dataSource, few: 0), 100)).ShouldBe(whole, $"walked, at {position}");
        (await ListAsync(new PastQueue(dataSource, few: 0), 1)).ShouldBe(whole, $"walked one by one, at {position}");
    }

    // Where a system begins is in its history: lost, or made by the migration, it comes out the same.
    private static async Task ShouldNotDependOnWhatIsKeptOfSystemsAsync(LedgerHost host, TestTenant tenant, SortedDictionary<long, Dictionary<string, string>> kept)
    {
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        var migration = ReadModels.Migrations.Single(migration => migration.Name == "first-positions").Sql;
        foreach (var change in (string[])["update ledger.systems set first_position = null, after_position = 0", $"begin; alter table ledger.systems drop column after_position, drop column first_position; {migration} commit"])
        {
            await using (var command = dataSource.CreateCommand(change)) await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            foreach (var question in kept.Keys.Select(position => $"/ledger/v1/systems?as_of_position={position}")) (await AskAsync(tenant, question)).ShouldBe(kept[long.Parse(question.Split('=')[1], CultureInfo.InvariantCulture)][question]);
        }
    }

    private static async Task ShouldDifferAsCompareAsync(Questions questions, List<long> positions)
    {
        foreach (var (from, to) in positions.Zip(positions.Skip(1)).Append((positions[0], positions[^1])).Append((0, positions[0])))
        {
            foreach (var system in (string?[])[null, .. History.Systems])
            {
                var expected = new List<string>();
                foreach (var each in system is null ? History.Systems : [system])
                {
                    for (var record = 1; record <= Records; record++)
                    {
                        var path = $"/ledger/v1/systems/{Uri.EscapeDataString(each)}/items/{record}";
                        var (then, later) = (await questions.ContentAsync(path, $"as_of_position={from}"), await questions.ContentAsync(path, $"as_of_position={to}"));
                        if (then != later) expected.Add($"{each} {record}: {then} -> {later}");
                    }
                }
                var differences = await questions.DifferencesAsync(from, to, system);
                differences.Select(Text).ShouldBe(expected, ignoreOrder: true, $"from {from} to {to} in {system}");
                differences.Select(difference => difference.GetProperty("position").GetInt64()).ShouldBeInOrder();
            }
        }
    }

    private static string Text(JsonElement difference)
    {
        static string State(JsonElement state) => state.ValueKind == JsonValueKind.Null ? "NotFound" : string.Join(',', state.EnumerateObject().Select(member => $"{member.Name}:{member.Value.GetRawText()}"));
        return $"{difference.Text("system_id")} {difference.Text("record_id")}: {State(difference.GetProperty("from"))} -> {State(difference.GetProperty("to"))}";
    }
}
