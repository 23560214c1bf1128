using System.Net;
using Ledger.Api.Errors;
using Ledger.Api.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Api.Tests.Security;

public sealed class WithoutDatabaseTests
{
    /// <summary>An outage must not look like a wrong credential: a connector would give up or ask its user to sign in again.</summary>
    [Theory]
    [InlineData("GET", "/read", "Basic ZGVtby1rZXk6")]
    [InlineData("GET", "/read", "Bearer abc")]
    [InlineData("POST", "/oauth2/token", "Basic ZGVtbzpkZW1vLXNlY3JldA==")]
    [InlineData("POST", "/oauth2/revoke", "Basic ZGVtbzpkZW1vLXNlY3JldA==")]
    public async Task Sign_in_is_503_not_401(string method, string path, string authorization)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2")).AddLedgerErrors();
        builder.AddLedgerSecurity();
        await using var app = builder.Build();
        app.UseLedgerErrors();
        app.UseLedgerSecurity();
        app.MapOAuth();
        app.MapGet("/read", () => Results.Ok()).RequireScope("exports:read");
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var client = app.GetTestClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (method == "POST") request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("token", "abc")]);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        answer.Headers.WwwAuthenticate.ShouldBeEmpty();
    }
}
