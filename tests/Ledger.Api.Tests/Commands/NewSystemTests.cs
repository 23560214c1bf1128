using System.Globalization;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.Projections.Rebuild;
using Ledger.Projections.Systems;
using static Ledger.Api.Tests.Commands.LedgerKit;

namespace Ledger.Api.Tests.Commands;

/// <summary>A system seen for the first time is offered everything that is ready, at once, while its queue is still being filled.</summary>
public sealed class NewSystemTests(LedgerKit ledger) : IClassFixture<LedgerKit>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_offered_every_ready_record_before_during_and_after_its_queue_is_filled()
    {
        var tenant = NewTenant();
        var ids = Enumerable.Range(1, 60).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
        await ledger.Register.HandleAsync(tenant, [.. ids.Select(id => Record(id, stage: id.EndsWith('7') ? Stage.Review : Stage.Ready))], Token);
        var ready = ids.Where(id => !id.EndsWith('7')).ToList();
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(ready);
        (await ledger.Counts.ListAsync(tenant.TenantId, Token)).ShouldBeEmpty("reading makes nothing known");

        var systems = new SystemRegistry(ledger.DataSource, chunk: 10);
        await systems.EnsureKnownAsync(tenant.TenantId, Erp, Token);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(ready);

        // All this happens while only the first ten records are queued.
        await ledger.EachAsync(tenant, Erp, ("5", new ItemCommand.MarkExported(null)), ("50", new ItemCommand.MarkExported(null)), ("51", new ItemCommand.MarkExported(null)));
        await ledger.EachAsync(tenant, Erp, ("51", new ItemCommand.Reopen(null)));
        await ledger.Register.HandleAsync(tenant, [Record("61"), Record("33", text: "revised")], Token);
        await ledger.Change.HandleAsync(tenant, new("57"), new RecordCommand.ChangeStage(Stage.Ready), Token);
        await ledger.Change.HandleAsync(tenant, new("58"), new RecordCommand.Withdraw(), Token);
        var expected = ready.Except(["5", "50", "58"]).Append("57").Append("61").OrderBy(int.Parse).ToList();
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(expected);

        await systems.FillAsync(Token);
        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe(expected);
        var summary = (await ledger.Counts.ListAsync(tenant.TenantId, Token)).ShouldHaveSingleItem();
        (summary.Offered, summary.Exported).ShouldBe((expected.Count, 2));
        (await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, cancellationToken: Token)).IsEqual.ShouldBeTrue();
    }

    [Fact]
    public async Task Offers_nothing_twice_and_loses_nothing_when_reports_and_registrations_race_with_the_filling()
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [.. Enumerable.Range(1, 400).Select(number => Record(number.ToString(CultureInfo.InvariantCulture)))], Token);
        var systems = new SystemRegistry(ledger.DataSource, chunk: 5);
        await systems.EnsureKnownAsync(tenant.TenantId, Erp, Token);

        var exporting = Task.Run(async () =>
        {
            for (var number = 400; number > 0; number -= 2) await ledger.EachAsync(tenant, Erp, (number.ToString(CultureInfo.InvariantCulture), new ItemCommand.MarkExported(null)));
        }, Token);
        var registering = Task.Run(async () =>
        {
            for (var number = 401; number <= 450; number++) await ledger.Register.HandleAsync(tenant, [Record(number.ToString(CultureInfo.InvariantCulture))], Token);
        }, Token);
        var filling = systems.FillAsync(Token);
        await Task.WhenAll(exporting, registering, filling);

        (await ledger.NotExportedAsync(tenant, Erp)).ShouldBe([.. Enumerable.Range(1, 450).Where(number => number > 400 || number % 2 == 1).Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        (await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, cancellationToken: Token)).IsEqual.ShouldBeTrue();
    }
}
