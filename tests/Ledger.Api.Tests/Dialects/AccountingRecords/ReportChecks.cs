using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.Projections.Items;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Api.Tests.Dialects.AccountingRecords.RecordsCalls;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>The checks of the contract's list that are about export results, by their numbers there.</summary>
public sealed class ReportChecks(LedgerHost host)
{
    private const string Duplicates = "duplicate_accounting_record_ids";
    private const string NotReady = "not_ready_for_export_accounting_record_ids";
    private const string NotFound = "not_found_export_entry_source_ids";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_15_a_success_makes_exported_with_a_later_updated_at_and_the_next_version()
    {
        var tenant = await ReadyAsync("a", "b");
        var before = await tenant.RecordAsync("a");
        (await tenant.ReportedAsync(Success("b"), Success("a", "JE-20418"))).ShouldBe(["b", "a"]);
        var after = await tenant.RecordAsync("a");
        after.Text("review_status").ShouldBe("EXPORTED");
        after.GetProperty("updated_at").GetDateTimeOffset().ShouldBeGreaterThan(before.GetProperty("updated_at").GetDateTimeOffset());
        after.GetProperty("version").GetInt64().ShouldBe(before.GetProperty("version").GetInt64() + 1);
        (await ItemAsync(tenant, "a")).Reference.ShouldBe(new ExportReference("JE-20418", null, null, null));
    }

    [Fact]
    public async Task Check_16_a_failure_leaves_ready_for_export_and_is_in_the_list()
    {
        var tenant = await ReadyAsync("a", "b");
        (await tenant.ReportedAsync(Failure("a", "GL account 6110 is closed for June"), Success("b"))).ShouldBe(["a", "b"]);
        var after = await tenant.RecordAsync("a");
        (after.Text("review_status"), after.GetProperty("version").GetInt64()).ShouldBe(("REVIEW", 2));
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT")).ShouldBeEmpty();
        (await tenant.IdsAsync("review_status=REVIEW")).ShouldBe(["a"]);
        (await ItemAsync(tenant, "a")).Failure!.Reason.ShouldBe("GL account 6110 is closed for June");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"results":null}"""), InlineData("""{"results":[]}"""), InlineData("""{"results":{}}"""), InlineData("""{"results":[1]}"""), InlineData("""{"results":["a"]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a"}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":null}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{},"failure":{"error_message":"x"}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","failure":{}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","failure":{"error_message":null}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","failure":{"error_message":" "}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","failure":"closed"}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{"deep_link_url":null}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{"deep_link_url":1}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":true}]}""")]
    [InlineData("""{"results":[{"success":{}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":" ","success":{}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":7,"success":{}}]}""")]
    public async Task Check_17_a_malformed_result_is_refused_and_nothing_is_written(string body)
    {
        var tenant = await ReadyAsync("a");
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.Http.PostAsync(ExportResults, Json(body), Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Theory]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{"reference_id":null}}]}""")]
    [InlineData("""{"results":[{"accounting_record_id":"a","success":{"reference_id":"JE-1","deep_link_url":"not checked"},"failure":null}],"note":"ignored"}""")]
    public async Task Check_17_a_success_may_say_nothing_more(string body)
    {
        var tenant = await ReadyAsync("a");
        using var answer = await tenant.Http.PostAsync(ExportResults, Json(body), Cancelled);
        await answer.OkAsync();
        (await tenant.StatusAsync("a")).ShouldBe("EXPORTED");
    }

    [Fact]
    public async Task Check_18_a_duplicate_id_is_refused_and_nothing_changes()
    {
        var tenant = await ReadyAsync("a", "b", "c");
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.ReportAsync(Success("c"), Success("b"), Success("a"), Failure("a"), Success("b"), Success("b"));
        (await answer.RefusedAsync(422, "DUPLICATE_ACCOUNTING_RECORD_IDS", Duplicates)).GetProperty("details").Texts(Duplicates).ShouldBe(["b", "a"]);
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Check_19_an_unknown_id_among_good_ones_is_refused_and_nothing_changes()
    {
        var tenant = await ReadyAsync("a", "b", "gone");
        await tenant.ChangeAsync(host, "gone", new RecordCommand.Withdraw());
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.ReportAsync(Success("a"), Success("x"), Failure("b"), Failure("gone"));
        var error = await answer.RefusedAsync(404, "NOT_FOUND", NotFound);
        error.GetProperty("details").Texts(NotFound).ShouldBe(["x", "gone"]);
        error.Text("message").ShouldEndWith(": x, gone");
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Check_20_an_exported_id_among_good_ones_is_refused_and_nothing_changes()
    {
        var tenant = await ReadyAsync("exported", "failed", "good");
        await tenant.RegisterAsync(ARecord.Named("prepare", Stage.Prepare), ARecord.Named("review", Stage.Review));
        await tenant.ReportedAsync(Success("exported"), Failure("failed"));
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.ReportAsync(Success("good"), Success("exported"), Success("failed"), Success("prepare"), Success("review"));
        (await answer.RefusedAsync(422, "ACCOUNTING_RECORD_NOT_READY_FOR_EXPORT", NotReady)).GetProperty("details").Texts(NotReady).ShouldBe(["exported", "failed", "prepare", "review"]);
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Check_21_of_two_parallel_reports_one_is_applied_and_the_other_refused()
    {
        var tenant = await ReadyAsync([.. Enumerable.Range(1, 10).Select(number => $"r-{number}")]);
        var reports = Enumerable.Range(1, 10).Select(number => number % 3 == 0 ? Failure($"r-{number}") : Success($"r-{number}")).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tenant.ReportAsync(reports)));
        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var refused in answers.Where(answer => !answer.IsSuccessStatusCode))
            (await refused.RefusedAsync(422, "ACCOUNTING_RECORD_NOT_READY_FOR_EXPORT", NotReady)).GetProperty("details").Texts(NotReady).Length.ShouldBe(10);
        (await tenant.CountEventsAsync()).ShouldBe(20);
    }

    [Fact]
    public async Task Row_3_errors_are_told_in_the_order_malformed_duplicate_unknown_not_ready()
    {
        var tenant = await ReadyAsync("exported");
        await tenant.ReportedAsync(Success("exported"));
        using var all = await tenant.ReportAsync(Success("exported"), Success("x"), Success("x"), new { accounting_record_id = "y" });
        await all.RefusedAsync(400, "INVALID_REQUEST");
        using var three = await tenant.ReportAsync(Success("exported"), Success("x"), Success("x"));
        await three.RefusedAsync(422, "DUPLICATE_ACCOUNTING_RECORD_IDS", Duplicates);
        using var two = await tenant.ReportAsync(Success("exported"), Success("x"));
        await two.RefusedAsync(404, "NOT_FOUND", NotFound);
        using var one = await tenant.ReportAsync(Success("exported"));
        await one.RefusedAsync(422, "ACCOUNTING_RECORD_NOT_READY_FOR_EXPORT", NotReady);
    }

    private async Task<TestTenant> ReadyAsync(params string[] ids)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. ids.Select(id => ARecord.Named(id))]);
        return tenant;
    }

    private async Task<ItemState> ItemAsync(TestTenant tenant, string id) =>
        (await (await host.ServicesAsync()).GetRequiredService<ItemStates>().LoadAsync(tenant.Id, new SystemId("erp"), [new RecordId(id)], Cancelled))[new RecordId(id)].Item;
}
