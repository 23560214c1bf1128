using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Api.Tests.Dialects.AccountingRecords.RecordsCalls;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>The checks of the contract's list that are about who may do what, by their numbers there.</summary>
public sealed class AccessChecks(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_22_another_accounts_integration_and_record_are_unknown()
    {
        var (owner, stranger) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await owner.RegisterAsync(ARecord.Named("a"));
        var id = await owner.ConnectedAsync("erp");
        await (await stranger.Http.DisconnectAsync(id)).RefusedAsync(404, "NOT_FOUND");
        await (await stranger.Http.ReactivateAsync(id)).RefusedAsync(404, "NOT_FOUND");
        (await stranger.IdsAsync("ids=a")).ShouldBeEmpty();
        (await stranger.IdsAsync()).ShouldBeEmpty();
        using var get = await stranger.Http.GetAsync($"{Records}/a", Cancelled);
        await get.RefusedAsync(404, "NOT_FOUND");
        await (await stranger.ReportAsync(Success("a"))).RefusedAsync(404, "NOT_FOUND", "not_found_export_entry_source_ids");
        (await owner.StatusAsync("a")).ShouldBe("READY_FOR_EXPORT");
        (await stranger.ConnectedAsync("other")).ShouldNotBe(id);
    }

    [Fact]
    public async Task Check_22_a_cursor_of_another_account_is_refused()
    {
        var (owner, stranger) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await owner.RegisterAsync(ARecord.Many(2));
        var cursor = (await owner.QueryAsync("limit=1")).Text("next_cursor");
        using var answer = await stranger.Http.GetAsync($"{Records}?cursor={cursor}", Cancelled);
        await answer.RefusedAsync(400, "INVALID_REQUEST");
    }

    public static TheoryData<string, string> Calls => new()
    {
        { "POST", Integration }, { "POST", $"{Integration}/int_1/disconnect" }, { "POST", $"{Integration}/int_1/reactivate" },
        { "GET", Records }, { "GET", $"{Records}/a" }, { "POST", ExportResults },
    };

    [Theory, MemberData(nameof(Calls))]
    public async Task Check_23_no_token_is_401(string method, string path)
    {
        using var answer = await (await host.AnonymousAsync()).SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);
        await answer.RefusedAsync(401, "UNAUTHORIZED");
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Check_23_a_token_without_the_scope_is_403(string method, string path)
    {
        var tenant = await host.NewTenantAsync();
        var client = await tenant.SignInAsync(method == "GET" ? LedgerScopes.RecordsWrite : LedgerScopes.ExportsRead | LedgerScopes.RecordsWrite);
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? Json("{}") : null }, Cancelled);
        await answer.RefusedAsync(403, "FORBIDDEN");
    }

    [Theory]
    [InlineData("accounting.record.read", true, false), InlineData("accounting.record.write", true, true)]
    [InlineData("accounting.integration.write accounting.record.read openid offline_access", true, true)]
    public async Task A_token_is_asked_for_with_the_contracts_own_scope_names(string scope, bool reads, bool writes)
    {
        var tenant = await host.NewTenantAsync();
        var client = await host.AnonymousAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = tenant.Credentials.Client.ClientId,
            ["client_secret"] = tenant.Credentials.Secret,
            ["scope"] = scope,
        });
        var token = (await (await client.PostAsync("/oauth2/token", form, Cancelled)).OkAsync()).Text("access_token");
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await client.GetAsync(Records, Cancelled)).IsSuccessStatusCode.ShouldBe(reads);
        (await client.ConnectAsync("A")).IsSuccessStatusCode.ShouldBe(writes);
    }

    [Fact]
    public async Task Every_route_is_described()
    {
        var endpoints = (await host.ServicesAsync()).GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v3/accounting/", StringComparison.Ordinal)).ToList();
        endpoints.Count.ShouldBe(6);
        foreach (var endpoint in endpoints)
        {
            endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointSummaryMetadata>().ShouldNotBeNull(endpoint.RoutePattern.RawText);
            endpoint.Metadata.GetMetadata<IEndpointGroupNameMetadata>()!.EndpointGroupName.ShouldBe("accounting-records");
            var example = endpoint.Metadata.GetOrderedMetadata<Ledger.Api.OpenApi.ResponseExample>().ShouldHaveSingleItem();
            System.Text.Json.JsonElement.Parse(example.Json!).ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Object);
        }
    }
}
