using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>The loop of a connector: poll, book, mark. Acceptance checks of the contract by their number.</summary>
public sealed class ExportingTests(LedgerHost host)
{
    [Fact]
    public async Task Acceptance_1_a_fresh_entry_is_there_for_every_system_until_it_is_marked_for_that_one()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(7);
        (await tenant.IdsAsync("system_id=erp")).ShouldBe([7]);
        (await tenant.IdsAsync("system_id=wms")).ShouldBe([7]);

        await tenant.MarkAsync("erp", 7);

        (await tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
        (await tenant.IdsAsync("system_id=wms")).ShouldBe([7]);
        (await tenant.IdsAsync("system_id=ERP")).ShouldBe([7]);
    }

    [Fact]
    public async Task Acceptance_10_the_poll_loop_visits_each_of_95_pending_entries_once()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enumerable.Range(1, 95).Select(id => (long)id)]);
        var visited = new List<long>();
        while (await tenant.IdsAsync("system_id=erp&page=0&limit=20") is { Length: > 0 } page)
        {
            visited.AddRange(page);
            await tenant.MarkAsync("erp", page);
        }
        visited.ShouldBe(Enumerable.Range(1, 95).Select(id => (long)id));
    }

    [Fact]
    public async Task Acceptance_10_the_re_export_walk_by_page_visits_each_of_95_entries_once_while_it_marks()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. Enumerable.Range(1, 95).Select(id => (long)id)]);
        await tenant.MarkAsync("erp", [.. Enumerable.Range(11, 60).Select(id => (long)id)]);
        var visited = new List<long>();
        for (var page = 0; await tenant.IdsAsync($"system_id=erp&page={page}&not_exported_since=2020-01-01") is { Length: > 0 } ids; page++)
        {
            visited.AddRange(ids);
            await tenant.MarkAsync("erp", ids);
        }
        visited.ShouldBe(Enumerable.Range(1, 95).Select(id => (long)id));
    }

    [Fact]
    public async Task An_entry_has_the_members_of_the_contract_and_those_of_its_facet()
    {
        var tenant = await host.NewTenantAsync();
        var createdAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        await tenant.RegisterAsync([ARecord.Named("7", amountMinor: -9007199254740993, createdAt: createdAt, text: "Ærø <7>",
            facets: new { accounting_entries = new { vat_code = "U25" }, export_jobs = new { hidden = 1 } })]);

        var body = await tenant.Http.GetFromJsonAsync<JsonElement>($"{EntriesCalls.Export}?system_id=erp", TestContext.Current.CancellationToken);

        body.EnumerateObject().Select(member => member.Name).ShouldBe(["accounting_entries"]);
        var entry = body.GetProperty("accounting_entries").EnumerateArray().ShouldHaveSingleItem();
        entry.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["id", "currency", "amount", "account", "contra_account", "date", "text", "created_at", "updated_at", "vat_code"]);
        entry.GetProperty("amount").GetRawText().ShouldBe("-90071992547409.93");
        entry.GetProperty("account").GetInt64().ShouldBe(6800);
        entry.GetProperty("contra_account").GetInt64().ShouldBe(2400);
        entry.GetProperty("text").GetString().ShouldBe("Ærø <7>");
        entry.GetProperty("date").GetString().ShouldBe(DateTimeText.Canonical(ARecord.BookedAt));
        entry.GetProperty("created_at").GetString().ShouldBe("2026-01-02T03:04:05.678000Z");
        entry.GetProperty("vat_code").GetString().ShouldBe("U25");
    }

    [Fact]
    public async Task Any_record_is_an_entry_and_is_addressed_by_its_number()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("INV/2026-1", kind: Domain.Records.RecordKind.Expense)]);
        var id = (await tenant.IdsAsync("system_id=erp")).ShouldHaveSingleItem();
        await tenant.MarkAsync("erp", id);
        (await tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_ready_records_are_offered()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1"), ARecord.Named("2", Domain.Records.Stage.Review)]);
        (await tenant.IdsAsync("system_id=erp")).ShouldBe([1]);
        (await tenant.IdsAsync("system_id=erp&not_exported_since=2020-01-01")).ShouldBe([1]);
    }

    [Fact]
    public async Task Nothing_to_export_is_an_empty_list()
    {
        var tenant = await host.NewTenantAsync();
        (await tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", new long[] { 1, 2, 3, 10 })]
    [InlineData("&limit=3", new long[] { 1, 2, 3 })]
    [InlineData("&limit=3&page=1", new long[] { 10 })]
    [InlineData("&limit=3&page=2", new long[] { })]
    [InlineData("&limit=3&page=2&start=1", new long[] { 2, 3, 10 })]
    [InlineData("&sort[0][key]=id&sort[0][direction]=DESC", new long[] { 10, 3, 2, 1 })]
    [InlineData("&sort[0][key]=created_at", new long[] { 3, 2, 10, 1 })]
    [InlineData("&sort[0][key]=created_at&sort[0][direction]=desc", new long[] { 1, 2, 10, 3 })]
    [InlineData("&sort[0][key]=created_at&sort[1][key]=id&sort[1][direction]=desc&limit=2&page=1", new long[] { 2, 1 })]
    [InlineData("&sort[0][key]=updated_at", new long[] { 1, 2, 10, 3 })]
    public async Task Pages_and_sorts(string query, long[] ids)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(
        [
            ARecord.Named("10", createdAt: Day(2), updatedAt: Day(5)), ARecord.Named("1", createdAt: Day(3), updatedAt: Day(4)),
            ARecord.Named("2", createdAt: Day(2), updatedAt: Day(5)), ARecord.Named("3", createdAt: Day(1), updatedAt: Day(6)),
        ]);
        // Three ways to the same page: asked of the records, of the system's queue, and of the queue and what was exported since.
        (await tenant.IdsAsync("system_id=unheard-of" + query)).ShouldBe(ids);
        await tenant.MarkAsync("erp", 2, 3);
        await tenant.ReopenAsync(host, "erp", 2);
        await tenant.ReopenAsync(host, "erp", 3);
        (await tenant.IdsAsync("system_id=erp" + query)).ShouldBe(ids);
        await tenant.MarkAsync("erp", 2, 10);
        (await tenant.IdsAsync("system_id=erp&not_exported_since=2020-01-01" + query)).ShouldBe(ids);
    }

    [Fact]
    public async Task Another_tenants_entries_are_never_seen()
    {
        var (one, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await one.RegisterAsync(7);
        await other.RegisterAsync(8);
        await other.MarkAsync("erp", 8);
        (await one.IdsAsync("system_id=erp&not_exported_since=2020-01-01")).ShouldBe([7]);
        (await other.IdsAsync("system_id=erp")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rule_14_the_answer_says_what_it_speaks_for()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(7);
        await tenant.SealedAsync();
        using var answer = await tenant.Http.GetAsync($"{EntriesCalls.Export}?system_id=erp&not_exported_since=2026-01-01T02:00:00%2B02:00", TestContext.Current.CancellationToken);
        answer.Headers.GetValues("X-Ledger-As-Of").ShouldHaveSingleItem()
            .ShouldMatch(@"^position=1, time=2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z, since=2026-01-01T00:00:00\.000000Z$");
    }

    private static DateTimeOffset Day(int day) => new(2026, 1, day, 0, 0, 0, TimeSpan.Zero);
}
