using Ledger.Bench.Ledgers;
using Ledger.EventStore;
using Ledger.Projections.Rebuild;

namespace Ledger.Projections.Tests.Pages;

/// <summary>What is measured on a generated ledger holds for a real one: its read models are those its events give.</summary>
public sealed class GeneratedLedgerTests
{
    [Fact]
    public async Task A_generated_ledger_replays_to_the_same_rows()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = await ManyRecords.Migrated.CreateDatabaseAsync();
        await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
        await GeneratedLedger.FillAsync(dataSource, "tenant", 1_000, [("erp", 0.25), ("wms", 0), ("new", 1)], withEvents: true, cancellation);

        var report = await new ReadModelRebuild(dataSource).RunAsync(replace: false, cancellationToken: cancellation);

        report.Events.ShouldBe(1_000 + 750 + 1_000);
        report.ReadModels.ShouldAllBe(model => model.IsEqual, string.Join('\n', report.ReadModels.SelectMany(model => model.Examples)));
        report.ReadModels.Single(model => model.Name == "pending").Rows.ShouldBe(1_250);
        report.ReadModels.Single(model => model.Name == "number_blocks").Rows.ShouldBeGreaterThan(2);
    }
}
