using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Tests.Hosting;
using Ledger.Projections.Rebuild;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.OneTruth;

/// <summary>Whatever is reported through one API shows in all others at once: random interleavings of calls across all of them against a plain model.</summary>
public sealed class OneTruthTests(LedgerHost host)
{
    private const int Records = 4;
    private const int Histories = 40;

    private static readonly Gen<int> Record = Gen.Choose(1, Records);
    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (3, Record.Select(Step (record) => new Step.Mark(record))),
        (3, Record.Zip(Flag).Select(Step (pair) => new Step.ReportRecord(pair.Item1, pair.Item2))),
        (3, Record.Zip(Flag).Select(Step (pair) => new Step.ReportNative(pair.Item1, pair.Item2))),
        (3, Record.Select(Step (record) => new Step.Reopen(record))),
        (2, Record.Zip(Flag).Select(Step (pair) => new Step.Stage(pair.Item1, pair.Item2))),
        (4, Record.Zip(Flag).Select(Step (pair) => new Step.Export(pair.Item1, pair.Item2))),
        (3, Gen.Choose(0, 3).Zip(Flag).Select(Step (pair) => new Step.Callback(pair.Item1, pair.Item2))),
        (2, Gen.Choose(0, 3).Select(Step (nth) => new Step.Cancel(nth))),
        (4, Record.Zip(Record).Select(Step (pair) => new Step.CreateJob(pair.Item1, pair.Item2))),
        (4, Record.Zip(Flag).Select(Step (pair) => new Step.UpdateItem(pair.Item1, pair.Item2))),
        (4, Gen.Elements("started", "completed", "completed_with_errors", "failed").Select(Step (name) => new Step.JobEvent(name))),
        (3, Gen.Constant<Step>(new Step.Retry())));

    [Fact]
    public async Task Every_api_tells_the_same_story_after_every_call()
    {
        await host.ServicesAsync();
        // A failing history is shrunk by leaving calls out, and printed as the calls that are left.
        var histories = Arb.From(Steps.ListOf(20).Select(steps => steps.ToArray()), steps => Enumerable.Range(0, steps.Length).Select(index => steps.Where((_, at) => at != index).ToArray()));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithQuietOnSuccess(true), Prop.ForAll(histories, steps => Task.Run(() => RunAsync(steps)).GetAwaiter().GetResult()));

        var rebuild = new ReadModelRebuild((await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>());
        var report = await rebuild.RunAsync(replace: false, cancellationToken: TestContext.Current.CancellationToken);
        report.IsEqual.ShouldBeTrue(string.Join('\n', report.ReadModels.SelectMany(model => model.Examples)));
    }

    private async Task RunAsync(Step[] steps)
    {
        var tenant = await host.NewTenantAsync("erp");
        var registered = await tenant.RegisterAsync([.. Enumerable.Range(1, Records).Select(number => ARecord.Named($"{number}"))]);
        var calls = new Calls(tenant, registered.ToDictionary(record => (int)record.Number, record => record.Uuid));
        await new History(calls, new Model(Records)).RunAsync(steps);
    }
}
