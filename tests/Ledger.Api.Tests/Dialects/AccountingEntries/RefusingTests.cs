using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Errors;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>Whatever the status, the body is the original's error envelope.</summary>
public sealed class RefusingTests(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null), InlineData("Bearer made-up"), InlineData("Basic bWFkZS11cDo="), InlineData("Nonsense")]
    public async Task Row_401_missing_or_bad_credential(string? authorization)
    {
        var client = await host.AnonymousAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Get, EntriesCalls.Export + "?system_id=erp"), (HttpMethod.Post, EntriesCalls.MarkAsExported) })
        {
            using var request = new HttpRequestMessage(method, path);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await client.SendAsync(request, Cancelled);
            (await answer.RefusedAsync(401)).ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task Row_403_wrong_scope()
    {
        var tenant = await host.NewTenantAsync();
        var reader = await tenant.SignInAsync(LedgerScopes.ExportsRead);
        using var read = await reader.GetAsync(EntriesCalls.Export + "?system_id=erp", Cancelled);
        ((int)read.StatusCode).ShouldBe(200);
        using var written = await reader.PostAsync(EntriesCalls.MarkAsExported, Json("{}"), Cancelled);
        (await written.RefusedAsync(403)).ShouldHaveSingleItem();
        var writer = await tenant.SignInAsync(LedgerScopes.ExportsWrite);
        using var refused = await writer.GetAsync(EntriesCalls.Export + "?system_id=erp", Cancelled);
        (await refused.RefusedAsync(403)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("GET", "/v10/accounting-entries", 404)]
    [InlineData("GET", "/v10/accounting-entries/7", 404)]
    [InlineData("GET", "/v10/orders/export", 404)]
    [InlineData("POST", "/v10/accounting-entries/export", 405)]
    [InlineData("GET", "/v10/accounting-entries/mark-as-exported", 405)]
    [InlineData("DELETE", "/v10/accounting-entries/mark-as-exported", 405)]
    public async Task Unknown_paths_and_methods(string method, string path, int status)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancelled);
        (await answer.RefusedAsync(status)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_413()
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.PostAsync(EntriesCalls.MarkAsExported, Json(new string(' ', 1 << 20) + "{}"), Cancelled);
        (await answer.RefusedAsync(413)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("text/plain"), InlineData("application/x-www-form-urlencoded"), InlineData("application/xml")]
    public async Task Another_media_type_is_415(string mediaType)
    {
        var tenant = await host.NewTenantAsync();
        using var content = new StringContent("{}", new MediaTypeHeaderValue(mediaType));
        using var answer = await tenant.Http.PostAsync(EntriesCalls.MarkAsExported, content, Cancelled);
        (await answer.RefusedAsync(415)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(""), InlineData("{"), InlineData("null"), InlineData("[]"), InlineData("{\"accounting_entries\":[1,]}"), InlineData("{\"accounting_entries\":[],\"accounting_entries\":[]}")]
    [InlineData("{\"accounting_entries\":[{\"accounting_entry_id\":1,\"system_id\":\"\\u0000\"}]}"), InlineData("{\"accounting_entries\":[{\"accounting_entry_id\":1,\"system_id\":\"\\ud800\"}]}")]
    public async Task A_body_that_is_not_the_json_asked_for_is_422(string body)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.PostAsync(EntriesCalls.MarkAsExported, Json(body), Cancelled);
        (await answer.RefusedAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(16 * 1024, 200), InlineData(16 * 1024 + 1, 414)]
    public async Task Caps_16_kib_of_query(int length, int status)
    {
        var tenant = await host.NewTenantAsync();
        var query = "?system_id=erp&padding=";
        using var answer = await tenant.Http.GetAsync(EntriesCalls.Export + query + new string('x', length - query.Length), Cancelled);
        if (status == 200) ((int)answer.StatusCode).ShouldBe(200);
        else (await answer.RefusedAsync(status)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Caps_16_kib_of_query_get_past_the_server_itself()
    {
        var server = (await host.ServicesAsync()).GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        server.Limits.MaxRequestLineSize.ShouldBeGreaterThan(17 * 1024);
    }

    [Theory]
    [InlineData(""), InlineData("?system_id="), InlineData("?system_id=%20"), InlineData("?system_id[]=erp")]
    public async Task System_id_missing_or_blank_is_422(string query)
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.Http.GetAsync(EntriesCalls.Export + query, Cancelled);
        (await answer.RefusedAsync()).ShouldHaveSingleItem().ShouldStartWith("system_id: ");
    }

    [Fact]
    public async Task A_token_in_the_query_and_an_app_key_are_accepted_as_the_original_does()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(7);
        var client = await host.AnonymousAsync();
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", tenant.Credentials.Client.ClientId), new("client_secret", tenant.Credentials.Secret)]);
        using var issued = await client.PostAsync("/oauth2/token", form, Cancelled);
        var token = JsonElement.Parse(await issued.Content.ReadAsStringAsync(Cancelled)).GetProperty("access_token").GetString();

        using var inQuery = new HttpRequestMessage(HttpMethod.Get, $"{EntriesCalls.Export}?system_id=erp&access_token={token}");
        inQuery.Headers.Add("X-Traede-App-Key", "any");
        using var first = await client.SendAsync(inQuery, Cancelled);
        ((int)first.StatusCode).ShouldBe(200);

        using var inHeader = new HttpRequestMessage(HttpMethod.Get, $"{EntriesCalls.Export}?system_id=erp");
        inHeader.Headers.Authorization = new("Bearer", token);
        using var second = await client.SendAsync(inHeader, Cancelled);
        ((int)second.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData(429), InlineData(500), InlineData(503)]
    public async Task What_the_service_cannot_do_has_the_same_envelope(int status)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await AccountingEntriesErrors.Shape.WriteAsync(context, Fault.OfStatus(status));
        context.Response.StatusCode.ShouldBe(status);
        context.Response.Body.Position = 0;
        var error = JsonElement.Parse(await new StreamReader(context.Response.Body).ReadToEndAsync(Cancelled)).GetProperty("errors").EnumerateArray().ShouldHaveSingleItem();
        (error.GetProperty("status").GetInt32(), error.GetProperty("code").GetInt32()).ShouldBe((status, 10000));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
