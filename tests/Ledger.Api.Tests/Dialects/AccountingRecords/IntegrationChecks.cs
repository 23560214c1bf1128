using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>The checks of the contract's list that are about integrations, by their numbers there.</summary>
public sealed class IntegrationChecks(LedgerHost host)
{
    private static readonly string[] ActiveDetails = ["existing_integration_id", "existing_vendor", "requested_vendor"];
    private static readonly string[] AccountDetails = ["existing_integration_id", "existing_vendor_account_id", "requested_vendor_account_id"];

    [Fact]
    public async Task Check_1_create_on_a_clean_account_gives_an_active_integration_with_five_fields()
    {
        var tenant = await host.NewTenantAsync();
        var created = await (await tenant.Http.ConnectAsync("NORTHLEDGER", "nl-org-4471")).OkAsync();
        created.EnumerateObject().Select(member => member.Name).ShouldBe(["integration_id", "vendor", "vendor_account_id", "status", "created_at"]);
        created.Text("integration_id").ShouldStartWith("int_");
        (created.Text("vendor"), created.Text("vendor_account_id"), created.Text("status")).ShouldBe(("NORTHLEDGER", "nl-org-4471", "ACTIVE"));
        created.GetProperty("created_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Check_2_the_same_create_again_gives_the_existing_integration_unchanged()
    {
        var tenant = await host.NewTenantAsync();
        var first = await (await tenant.Http.ConnectAsync("A")).OkAsync();
        var events = await tenant.CountEventsAsync();
        (await (await tenant.Http.ConnectAsync("A")).OkAsync()).GetRawText().ShouldBe(first.GetRawText());
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Check_3_same_vendor_and_other_account_is_a_mismatch()
    {
        var tenant = await host.NewTenantAsync();
        var id = await tenant.ConnectedAsync("A", "org-1");
        (await (await tenant.Http.ConnectAsync("A", "ORG-1")).RefusedWithAsync(409, "VENDOR_ACCOUNT_ID_MISMATCH", AccountDetails)).ShouldBe([id, "org-1", "ORG-1"]);
    }

    [Fact]
    public async Task Check_4_another_vendor_is_a_conflict()
    {
        var tenant = await host.NewTenantAsync();
        var id = await tenant.ConnectedAsync("A");
        (await (await tenant.Http.ConnectAsync("a")).RefusedWithAsync(409, "ACTIVE_INTEGRATION_EXISTS", ActiveDetails)).ShouldBe([id, "A", "a"]);
    }

    [Fact]
    public async Task Check_5_parallel_creates_of_the_same_integration_all_end_with_one_id()
    {
        var tenant = await host.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => tenant.ConnectedAsync("A")));
        answers.Distinct().ShouldHaveSingleItem();
        (await tenant.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Check_5_parallel_creates_of_different_ones_leave_one_active_and_refuse_the_others()
    {
        var tenant = await host.NewTenantAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => tenant.Http.ConnectAsync($"VENDOR-{number}")));
        var winner = (await answers.Where(answer => answer.IsSuccessStatusCode).ShouldHaveSingleItem().OkAsync()).Text("integration_id");
        foreach (var loser in answers.Where(answer => !answer.IsSuccessStatusCode))
            (await loser.RefusedAsync(409, "ACTIVE_INTEGRATION_EXISTS", ActiveDetails)).GetProperty("details").Text("existing_integration_id").ShouldBe(winner);
        (await tenant.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Check_5_parallel_reactivations_leave_one_active()
    {
        var tenant = await host.NewTenantAsync();
        var ids = new List<string>();
        for (var number = 0; number < 4; number++)
        {
            ids.Add(await tenant.ConnectedAsync($"VENDOR-{number}"));
            await (await tenant.Http.DisconnectAsync(ids[^1])).OkAsync();
        }
        var answers = await Task.WhenAll(ids.Select(id => tenant.Http.ReactivateAsync(id)));
        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        foreach (var loser in answers.Where(answer => !answer.IsSuccessStatusCode)) await loser.RefusedAsync(409, "ACTIVE_INTEGRATION_EXISTS", ActiveDetails);
    }

    [Fact]
    public async Task Check_6_disconnect_disables_and_again_is_a_conflict_and_unknown_is_404()
    {
        var tenant = await host.NewTenantAsync();
        var created = await (await tenant.Http.ConnectAsync("A")).OkAsync();
        var id = created.Text("integration_id");
        var disabled = await (await tenant.Http.DisconnectAsync(id)).OkAsync();
        disabled.GetRawText().ShouldBe(created.GetRawText().Replace("ACTIVE", "DISABLED", StringComparison.Ordinal));
        (await (await tenant.Http.DisconnectAsync(id)).RefusedWithAsync(409, "INTEGRATION_NOT_ACTIVE", "integration_id", "current_status")).ShouldBe([id, "DISABLED"]);
        await (await tenant.Http.DisconnectAsync("int_unknown")).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Check_7_reactivate_makes_active_again_unless_another_or_itself_is()
    {
        var tenant = await host.NewTenantAsync();
        var created = await (await tenant.Http.ConnectAsync("A")).OkAsync();
        var id = created.Text("integration_id");
        await (await tenant.Http.DisconnectAsync(id)).OkAsync();
        (await (await tenant.Http.ReactivateAsync(id)).OkAsync()).GetRawText().ShouldBe(created.GetRawText());
        (await InTheWayAsync()).ShouldBe([id, "A", "A"]);

        await (await tenant.Http.DisconnectAsync(id)).OkAsync();
        var other = await tenant.ConnectedAsync("B");
        (await InTheWayAsync()).ShouldBe([other, "B", "A"]);
        await (await tenant.Http.ReactivateAsync("int_unknown")).RefusedAsync(404, "NOT_FOUND");

        async Task<string[]> InTheWayAsync() => await (await tenant.Http.ReactivateAsync(id)).RefusedWithAsync(409, "ACTIVE_INTEGRATION_EXISTS", ActiveDetails);
    }

    [Theory]
    [InlineData("A", "org-1"), InlineData("A", "org-2"), InlineData("B", "org-1")]
    public async Task Check_8_after_a_disconnection_any_create_gives_a_new_id(string vendor, string account)
    {
        var tenant = await host.NewTenantAsync();
        var first = await tenant.ConnectedAsync("A", "org-1");
        await (await tenant.Http.DisconnectAsync(first)).OkAsync();
        (await tenant.ConnectedAsync(vendor, account)).ShouldNotBe(first);
    }
}
