using System.Net.Http.Json;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Api.Tests.Dialects.AccountingRecords.RecordsCalls;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>What the contract leaves open and how it is decided, by the rows of its list. Rows that a check already holds are not repeated.</summary>
public sealed class DecisionTests(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row_4_five_hundred_results_are_accepted_and_one_more_is_not()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(501));
        var results = Enumerable.Range(1, 501).Select(number => Success($"r-{number}")).ToArray();
        using var refused = await tenant.ReportAsync(results);
        await refused.RefusedAsync(400, "INVALID_REQUEST");
        (await tenant.ReportedAsync(results[..500])).Length.ShouldBe(500);
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT")).ShouldBe(["r-501"]);
    }

    [Fact]
    public async Task Rows_5_6_and_8_reads_and_reports_need_no_integration_and_a_disconnection_changes_no_record()
    {
        var tenant = await host.NewTenantAsync(systemId: "NORTHLEDGER");
        await tenant.RegisterAsync(ARecord.Many(2));
        var id = await tenant.ConnectedAsync("NORTHLEDGER");
        await tenant.ReportedAsync(Success("r-1"));
        var before = await tenant.QueryAsync();
        await (await tenant.Http.DisconnectAsync(id)).OkAsync();
        (await tenant.QueryAsync()).GetRawText().ShouldBe(before.GetRawText());
        await tenant.ReportedAsync(Failure("r-2"));
    }

    [Fact]
    public async Task The_items_are_those_of_the_active_vendor_and_without_one_those_of_the_clients_system()
    {
        var tenant = await host.NewTenantAsync(systemId: "erp");
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.ReportedAsync(Success("a"));
        (await tenant.StatusAsync("a")).ShouldBe("EXPORTED");

        var id = await tenant.ConnectedAsync(" NORTHLEDGER ");
        (await tenant.StatusAsync("a")).ShouldBe("READY_FOR_EXPORT");
        await tenant.ReportedAsync(Failure("a"));
        (await tenant.StatusAsync("a")).ShouldBe("REVIEW");
        var items = (await host.ServicesAsync()).GetRequiredService<Projections.Items.ItemStates>();
        (await items.LoadAsync(tenant.Id, new SystemId("NORTHLEDGER"), [new RecordId("a")], Cancelled))[new RecordId("a")].Item.IsFailed.ShouldBeTrue();

        await (await tenant.Http.DisconnectAsync(id)).OkAsync();
        (await tenant.StatusAsync("a")).ShouldBe("EXPORTED");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"vendor":"A"}"""), InlineData("""{"vendor_account_id":"1"}"""), InlineData("""{"vendor":null,"vendor_account_id":"1"}""")]
    [InlineData("""{"vendor":"","vendor_account_id":"1"}"""), InlineData("""{"vendor":" ","vendor_account_id":"1"}"""), InlineData("""{"vendor":"A","vendor_account_id":"\t"}""")]
    [InlineData("""{"vendor":7,"vendor_account_id":"1"}"""), InlineData("""{"vendor":"A","vendor_account_id":{}}"""), InlineData("[]"), InlineData("null")]
    public async Task Rows_10_and_11_vendor_and_account_are_strings_that_are_not_blank(string body)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.PostAsync(Integration, Json(body), Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Row_11_unknown_members_are_ignored()
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.PostAsJsonAsync(Integration, new { vendor = "A", vendor_account_id = "1", status = "DISABLED", integration_id = "int_mine" }, Cancelled);
        (await answer.OkAsync()).Text("status").ShouldBe("ACTIVE");
    }

    [Theory]
    [InlineData("0"), InlineData("1001"), InlineData("-1"), InlineData("1.5"), InlineData("1e2"), InlineData("ten"), InlineData(""), InlineData("99999999999")]
    public async Task Row_13_limit_is_a_whole_number_from_1_to_1000(string limit)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.GetAsync($"{Records}?limit={limit}", Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Rows_13_and_16_the_default_limit_is_100_and_the_count_is_that_of_all()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(101));
        var page = await tenant.QueryAsync();
        Ids(page).Length.ShouldBe(100);
        page.GetProperty("total_count").GetInt32().ShouldBe(101);
        (await tenant.IdsAsync("limit=1000")).Length.ShouldBe(101);
    }

    [Fact]
    public async Task Row_14_the_order_is_that_of_the_last_change_and_then_of_the_id()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("b"), ARecord.Named("c"), ARecord.Named("a"));
        await tenant.RegisterAsync(ARecord.Named("0"));
        await tenant.ReportedAsync(Success("b"), Failure("a"));
        (await tenant.IdsAsync()).ShouldBe(["c", "0", "a", "b"]);
        (await tenant.IdsAsync("ids=a&ids=b&ids=c")).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public async Task Row_15_a_record_changed_while_it_is_paged_over_appears_again_at_its_new_place()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        var first = await tenant.QueryAsync("limit=2");
        await tenant.ReportedAsync(Success("r-1"));
        (await tenant.IdsAsync($"cursor={first.Text("next_cursor")}")).ShouldBe(["r-3", "r-1"]);
    }

    [Fact]
    public async Task Row_15_filters_are_sent_again_with_the_cursor()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        var first = await tenant.QueryAsync("limit=1&ids=r-1&ids=r-3");
        (await tenant.IdsAsync($"limit=1&ids=r-1&ids=r-3&cursor={first.Text("next_cursor")}")).ShouldBe(["r-3"]);
        (await tenant.IdsAsync($"limit=1&cursor={first.Text("next_cursor")}")).ShouldBe(["r-2"]);
    }

    [Theory]
    [InlineData(""), InlineData("garbage"), InlineData("%00"), InlineData("eyJ1IjoiMjAyNi0wNi0xMlQwNzo0MTozMy4xMTgyMDRaIiwiaSI6ImFjY3JfY205eDFxN2QwMDAxIn0")]
    public async Task Row_15_a_forged_cursor_is_refused(string cursor)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.GetAsync($"{Records}?cursor={cursor}", Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Row_15_a_cursor_holds_the_longest_id_and_any_character()
    {
        var tenant = await host.NewTenantAsync();
        var long1 = string.Concat(Enumerable.Repeat("📒", 128));
        const string odd = "a b%25?&#'\";--";
        await tenant.RegisterAsync(ARecord.Named(long1), ARecord.Named(odd), ARecord.Named("z"));
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await tenant.QueryAsync($"limit=1{cursor}");
            seen.AddRange(Ids(page));
            cursor = page.GetProperty("has_next_page").GetBoolean() ? $"&cursor={page.Text("next_cursor")}" : "";
        } while (cursor.Length > 0);
        seen.ShouldBe([long1, odd, "z"], ignoreOrder: true);
        foreach (var id in seen)
        {
            (await tenant.RecordAsync(id)).Text("id").ShouldBe(id);
            (await tenant.IdsAsync($"ids={Uri.EscapeDataString(id)}")).ShouldBe([id]);
        }
    }

    [Fact]
    public async Task Row_17_no_hidden_window_old_records_are_found()
    {
        var clock = new ManualClock(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        var tenant = await own.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("old"));
        (await tenant.IdsAsync()).ShouldBe(["old"]);
    }

    [Fact]
    public async Task Row_20_a_bill_is_reported_like_the_rest()
    {
        var tenant = await host.NewTenantAsync();
        var bill = ARecord.Named("bill");
        await tenant.RegisterAsync(bill with { Content = bill.Content with { SourceType = Domain.Records.SourceType.Bill } });
        (await tenant.StatusAsync("bill")).ShouldBe("READY_FOR_EXPORT");
        await tenant.ReportedAsync(Success("bill"));
        (await tenant.StatusAsync("bill")).ShouldBe("EXPORTED");
    }

    [Fact]
    public async Task Row_1_the_message_of_a_failure_is_kept_until_it_is_sent_again()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.ReportedAsync(Failure("a", "GL account 6110 is closed for June"));
        var items = (await host.ServicesAsync()).GetRequiredService<Projections.Items.ItemStates>();
        (await FailureAsync()).ShouldBe("GL account 6110 is closed for June");
        await tenant.ActAsync(host, "erp", "a", new ItemCommand.Reopen("corrected"));
        (await FailureAsync()).ShouldBeNull();

        async Task<string?> FailureAsync() => (await items.LoadAsync(tenant.Id, new SystemId("erp"), [new RecordId("a")], Cancelled))[new RecordId("a")].Item.Failure?.Reason;
    }

    [Fact]
    public async Task Row_22_with_an_idempotency_key_a_repeated_call_gets_the_first_answer_and_another_body_is_refused()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(2));
        (string, string) key = ("Idempotency-Key", "report-1");
        const string report = """{"results":[{"accounting_record_id":"r-1","success":{}}]}""";
        var first = await tenant.Http.CallAsync(HttpMethod.Post, ExportResults, System.Text.Encoding.UTF8.GetBytes(report), "application/json", key);
        var again = await tenant.Http.CallAsync(HttpMethod.Post, ExportResults, System.Text.Encoding.UTF8.GetBytes(report), "application/json", key);
        again.Ok().GetRawText().ShouldBe(first.Ok().GetRawText());
        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        var other = await tenant.Http.CallAsync(HttpMethod.Post, ExportResults, System.Text.Encoding.UTF8.GetBytes(report.Replace("r-1", "r-2", StringComparison.Ordinal)), "application/json", key);
        ((int)other.Status, other.Json.Text("error_code")).ShouldBe((400, "INVALID_REQUEST"));
        (await tenant.StatusAsync("r-2")).ShouldBe("READY_FOR_EXPORT");

        (string, string) connect = ("Idempotency-Key", "connect-1");
        var body = """{"vendor":"A","vendor_account_id":"1"}"""u8.ToArray();
        var created = await tenant.Http.CallAsync(HttpMethod.Post, Integration, body, "application/json", connect);
        (await tenant.Http.CallAsync(HttpMethod.Post, Integration, body, "application/json", connect)).Text.ShouldBe(created.Ok().GetRawText());
    }
}
