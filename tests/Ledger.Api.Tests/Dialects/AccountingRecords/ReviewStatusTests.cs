using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using static Ledger.Api.Tests.Dialects.AccountingRecords.RecordsCalls;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>How a record moves between the four statuses, whoever moves it; version and updated_at with it.</summary>
public sealed class ReviewStatusTests(LedgerHost host)
{
    private static readonly string[] Statuses = ["PREPARE", "REVIEW", "READY_FOR_EXPORT", "EXPORTED"];

    [Fact]
    public async Task A_record_passes_from_prepare_over_review_and_ready_to_exported()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a", Stage.Prepare));
        await ShouldBeAsync(tenant, "PREPARE", 1);
        await tenant.ChangeAsync(host, "a", new RecordCommand.ChangeStage(Stage.Review));
        await ShouldBeAsync(tenant, "REVIEW", 2);
        await tenant.ChangeAsync(host, "a", new RecordCommand.ChangeStage(Stage.Ready));
        await ShouldBeAsync(tenant, "READY_FOR_EXPORT", 3);
        await tenant.ReportedAsync(Success("a"));
        await ShouldBeAsync(tenant, "EXPORTED", 4);
    }

    public static TheoryData<string> WaysToSendAgain => ["revised", "staged", "reopened", "requested"];

    [Theory, MemberData(nameof(WaysToSendAgain))]
    public async Task A_failed_record_is_ready_again_once_it_is_sent_again_and_may_fail_the_same_way(string way)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.ReportedAsync(Failure("a"));
        await ShouldBeAsync(tenant, "REVIEW", 2);

        await SendAgainAsync(tenant, way);
        (await tenant.StatusAsync("a")).ShouldBe("READY_FOR_EXPORT");

        // Word for word the failure of before: it happened again, so it counts again.
        await tenant.ReportedAsync(Failure("a"));
        (await tenant.StatusAsync("a")).ShouldBe("REVIEW");
        (await tenant.ReportAsync(Success("a"))).StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);

        await SendAgainAsync(tenant, way == "revised" ? "staged" : way);
        await tenant.ReportedAsync(Success("a"));
        (await tenant.StatusAsync("a")).ShouldBe("EXPORTED");
    }

    [Fact]
    public async Task What_another_dialect_does_shows_here()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.RequestExport(AttemptId.New(), null, 0, "accounting_exports", true, false));
        await ShouldBeAsync(tenant, "READY_FOR_EXPORT", 2);
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.MarkExported("Voucher 77"));
        await ShouldBeAsync(tenant, "EXPORTED", 3);
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.Reopen("restored"));
        await ShouldBeAsync(tenant, "READY_FOR_EXPORT", 4);
        await tenant.ActAsync(host, "wms", "a", new ItemCommand.MarkExported(null));
        await ShouldBeAsync(tenant, "READY_FOR_EXPORT", 4);
    }

    [Fact]
    public async Task A_failure_told_through_another_dialect_counts_again_once_the_record_was_corrected()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.ReportFailed("validation", "closed"));
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.ReportFailed("validation", "closed"));
        await ShouldBeAsync(tenant, "REVIEW", 2);
        await tenant.RegisterAsync(ARecord.Named("a", text: "corrected"));
        await ShouldBeAsync(tenant, "READY_FOR_EXPORT", 3);
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.ReportFailed("validation", "closed"));
        await ShouldBeAsync(tenant, "REVIEW", 4);
    }

    [Fact]
    public async Task A_withdrawn_record_is_unknown()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(2));
        await tenant.ReportedAsync(Success("r-1"));
        await tenant.ChangeAsync(host, "r-1", new RecordCommand.Withdraw());
        using var answer = await tenant.Http.GetAsync($"{Records}/r-1", TestContext.Current.CancellationToken);
        await answer.RefusedAsync(404, "NOT_FOUND");
        (await tenant.IdsAsync()).ShouldBe(["r-2"]);
        (await tenant.IdsAsync("ids=r-1&ids=r-2")).ShouldBe(["r-2"]);
        (await tenant.IdsAsync("review_status=EXPORTED")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filter_by_status_finds_exactly_the_records_that_show_it()
    {
        var tenant = await host.NewTenantAsync();
        foreach (var stage in Enum.GetValues<Stage>())
        {
            await tenant.RegisterAsync([.. Enumerable.Range(1, 4).Select(number => ARecord.Named($"{stage}-{number}", stage))]);
            await tenant.ActAsync(host, "erp", $"{stage}-1", new ItemCommand.ReportFailed(null, "closed"));
            await tenant.ActAsync(host, "erp", $"{stage}-2", new ItemCommand.ReportExported(ExportReference.None));
            await tenant.ActAsync(host, "erp", $"{stage}-3", new ItemCommand.ReportFailed(null, "closed"));
            await tenant.RegisterAsync(ARecord.Named($"{stage}-3", stage, text: "corrected"));
        }
        var all = (await tenant.QueryAsync()).GetProperty("items").EnumerateArray().ToList();
        all.Count.ShouldBe(12);
        foreach (var status in Statuses)
        {
            var shown = all.Where(record => record.Text("review_status") == status).Select(record => record.Text("id")).ToArray();
            shown.ShouldNotBeEmpty();
            var page = await tenant.QueryAsync($"review_status={status}");
            Ids(page).ShouldBe(shown);
            page.GetProperty("total_count").GetInt32().ShouldBe(shown.Length);
            (await tenant.IdsAsync($"review_status={status}&updated_at[gt]=2020-01-01")).ShouldBe(shown);
            (await tenant.IdsAsync($"review_status={status}&{string.Join('&', all.Select(record => $"ids={record.Text("id")}"))}")).ShouldBe(shown);
        }
    }

    [Fact]
    public async Task A_new_systems_records_are_found_before_it_has_a_queue_and_after()
    {
        var tenant = await host.NewTenantAsync("untouched");
        await tenant.RegisterAsync(ARecord.Many(3));
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT")).ShouldBe(["r-1", "r-2", "r-3"]);
        await tenant.ReportedAsync(Success("r-2"));
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT")).ShouldBe(["r-1", "r-3"]);
    }

    private async Task SendAgainAsync(TestTenant tenant, string way)
    {
        if (way == "revised") await tenant.RegisterAsync(ARecord.Named("a", text: "corrected"));
        if (way == "reopened") await tenant.ActAsync(host, "erp", "a", new ItemCommand.Reopen("corrected in the ERP"));
        if (way == "requested") await tenant.ActAsync(host, "erp", "a", new ItemCommand.RequestExport(AttemptId.New(), null, 0, "accounting_exports", true, false));
        if (way != "staged") return;
        await tenant.ChangeAsync(host, "a", new RecordCommand.ChangeStage(Stage.Review));
        await tenant.ChangeAsync(host, "a", new RecordCommand.ChangeStage(Stage.Ready));
    }

    private static async Task ShouldBeAsync(TestTenant tenant, string status, int version)
    {
        var record = await tenant.RecordAsync("a");
        (record.Text("review_status"), record.GetProperty("version").GetInt32()).ShouldBe((status, version));
    }
}
