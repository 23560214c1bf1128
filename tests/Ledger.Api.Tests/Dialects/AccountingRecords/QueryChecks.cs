using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Dialects.AccountingRecords;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>The checks of the contract's list that are about reading records, by their numbers there.</summary>
public sealed class QueryChecks(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_9_five_hundred_ids_work_and_one_more_is_refused()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        var ids = string.Join('&', Enumerable.Range(1, 500).Select(number => $"ids=r-{number}"));
        var page = await tenant.QueryAsync(ids);
        RecordsCalls.Ids(page).ShouldBe(["r-1", "r-2", "r-3"], ignoreOrder: true);
        page.GetProperty("total_count").GetInt64().ShouldBe(3);
        using var refused = await tenant.Http.GetAsync($"{RecordsCalls.Records}?{ids}&ids=r-501", Cancelled);
        await refused.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData(""), InlineData("&review_status=READY_FOR_EXPORT"), InlineData("&ids=r-1&ids=r-2&ids=r-3&ids=r-4&ids=r-5"), InlineData("&updated_at[gt]=2020-01-01")]
    public async Task Check_10_paging_one_by_one_visits_every_record_once(string filter)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(5));
        await tenant.ReportedAsync(RecordsCalls.Failure("r-2"));
        await tenant.RegisterAsync(ARecord.Named("r-2", text: "corrected"));
        var (seen, cursor) = (new List<string>(), "");
        for (var number = 1; number <= 5; number++)
        {
            var page = await tenant.QueryAsync($"limit=1{filter}{cursor}");
            seen.AddRange(RecordsCalls.Ids(page));
            page.GetProperty("total_count").GetInt64().ShouldBe(5);
            page.GetProperty("has_next_page").GetBoolean().ShouldBe(number < 5);
            page.GetProperty("next_cursor").ValueKind.ShouldBe(number < 5 ? JsonValueKind.String : JsonValueKind.Null);
            cursor = $"&cursor={page.GetProperty("next_cursor").GetString()}";
        }
        seen.ShouldBe(["r-1", "r-3", "r-4", "r-5", "r-2"]);
    }

    [Fact]
    public async Task Check_11_ranges_hold_at_microsecond_precision_and_take_encoded_brackets()
    {
        var start = new DateTimeOffset(2026, 6, 10, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(17);
        var clock = new ManualClock(start);
        await using var own = LedgerHost.WithClock(clock);
        var tenant = await own.NewTenantAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await tenant.RegisterAsync(ARecord.Named(id));
            clock.Advance(TimeSpan.FromMicroseconds(1));
        }
        var times = (await tenant.QueryAsync()).GetProperty("items").EnumerateArray().Select(record => record.Text("updated_at")).ToArray();
        times.ShouldBe(["2026-06-10T12:00:00.000017Z", "2026-06-10T12:00:00.000018Z", "2026-06-10T12:00:00.000019Z"]);

        (await tenant.IdsAsync($"updated_at[gt]={times[1]}")).ShouldBe(["c"]);
        (await tenant.IdsAsync($"updated_at[gte]={times[1]}")).ShouldBe(["b", "c"]);
        (await tenant.IdsAsync($"updated_at[lt]={times[1]}")).ShouldBe(["a"]);
        (await tenant.IdsAsync($"updated_at[lte]={times[1]}")).ShouldBe(["a", "b"]);
        (await tenant.IdsAsync($"updated_at%5Bgt%5D={times[0]}&updated_at%5Blt%5D={times[2]}")).ShouldBe(["b"]);
        (await tenant.IdsAsync($"updated_at[gt]={times[0]}&updated_at[gte]={times[2]}")).ShouldBe(["c"]);
        (await tenant.IdsAsync("updated_at[gte]=2026-06-10")).ShouldBe(["a", "b", "c"]);
        (await tenant.IdsAsync("updated_at[gte]=2026-06-11")).ShouldBeEmpty();

        // A report is a change like any other, also when the record itself is older.
        await tenant.ReportedAsync(RecordsCalls.Success("a"));
        (await tenant.IdsAsync($"updated_at[gt]={times[2]}")).ShouldBe(["a"]);
        (await tenant.QueryAsync($"updated_at[lte]={times[2]}")).GetProperty("total_count").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Check_12_review_status_finds_no_bill_and_cannot_go_with_one()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enum.GetValues<SourceType>().Select(OfSource)]);
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT")).ShouldBe(["Card", "Other", "Reimbursement"], ignoreOrder: true);
        (await tenant.IdsAsync("review_status=READY_FOR_EXPORT&source_type=CARD")).ShouldBe(["Card", "Other"], ignoreOrder: true);
        (await tenant.IdsAsync("source_type=BILL&updated_at[gt]=2020-01-01")).ShouldBe(["Bill", "Invoice"], ignoreOrder: true);
        (await tenant.IdsAsync()).Length.ShouldBe(5);
        using var refused = await tenant.Http.GetAsync($"{RecordsCalls.Records}?review_status=READY_FOR_EXPORT&source_type=BILL", Cancelled);
        (await refused.RefusedAsync(400, "INVALID_REQUEST")).Text("message").ShouldContain("review_status cannot be combined with source_type BILL.");
    }

    [Theory]
    [InlineData("review_status=FAILED"), InlineData("review_status=ready_for_export"), InlineData("review_status="), InlineData("review_status=2")]
    [InlineData("source_type=INVOICE"), InlineData("source_type=card"), InlineData("source_type=")]
    public async Task Check_13_an_unknown_enum_value_in_a_filter_is_refused(string query)
    {
        var tenant = await host.NewTenantAsync();
        using var refused = await tenant.Http.GetAsync($"{RecordsCalls.Records}?{query}", Cancelled);
        await refused.RefusedAsync(400, "INVALID_REQUEST");
    }

    [Fact]
    public async Task Check_14_a_record_has_all_ten_required_members_with_amounts_as_numbers_and_positive_lines()
    {
        string[] required = ["id", "amount", "type", "review_status", "source_type", "erp_posting_date", "updated_at", "version", "posted_at", "line_items"];
        var tenant = await host.NewTenantAsync();
        var bare = ARecord.Named("bare", amountMinor: -12_345, currency: "USD");
        await tenant.RegisterAsync(bare with { Content = bare.Content with { Lines = [], Text = null, Account = null, ContraAccount = null, PostedAt = null } }, ARecord.Named("lines", amountMinor: -5, currency: "JPY"));
        foreach (var record in (await tenant.QueryAsync()).GetProperty("items").EnumerateArray())
        {
            foreach (var name in required) record.GetProperty(name).ValueKind.ShouldNotBe(JsonValueKind.Null, name);
            record.GetProperty("amount").GetProperty("amount").ValueKind.ShouldBe(JsonValueKind.Number);
            var lines = record.GetProperty("line_items").EnumerateArray().ToList();
            lines.Count.ShouldBe(2);
            foreach (var line in lines)
            {
                line.GetProperty("amount").GetProperty("amount").GetDecimal().ShouldBe(-record.GetProperty("amount").GetProperty("amount").GetDecimal());
                line.GetProperty("accounting_field_values").ValueKind.ShouldBe(JsonValueKind.Array);
            }
            lines.Select(line => line.Text("type")).ShouldBe(["CREDIT", "DEBIT"]);
            lines.Select(line => line.Text("id")).ShouldBeUnique();
        }
        (await tenant.RecordAsync("bare")).GetProperty("amount").GetRawText().ShouldBe("""{"amount":-123.45,"currency":"USD"}""");
        (await tenant.RecordAsync("lines")).GetProperty("amount").GetRawText().ShouldBe("""{"amount":-5,"currency":"JPY"}""");
    }

    [Fact]
    public async Task Get_and_query_show_the_same_object()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        (await tenant.QueryAsync()).GetProperty("items")[0].GetRawText().ShouldBe((await tenant.RecordAsync("a")).GetRawText());
        (await tenant.RecordAsync("a")).Text("updated_at").ShouldBe(TimeText.Of((await tenant.RecordAsync("a")).GetProperty("updated_at").GetDateTimeOffset()));
    }

    private static IncomingRecord OfSource(SourceType source)
    {
        var record = ARecord.Named($"{source}");
        return record with { Content = record.Content with { SourceType = source } };
    }
}
