using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>What is no request of this contract at all: who may not ask, and bodies nobody can read. Nothing is written for any of them.</summary>
public sealed class RefusedRequestsTests(LedgerHost host)
{
    private const string AJob = "8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70";

    /// <summary>Method, address, a body that would be understood, and the scope of the contract (D) as ours.</summary>
    public static TheoryData<string, string, string?, LedgerScopes> Operations => new()
    {
        { "GET", "/v3/export-jobs", null, LedgerScopes.ExportsRead },
        { "POST", "/v3/export-jobs", """{"companyId":"3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6","accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"]}""", LedgerScopes.ExportsWrite },
        { "GET", $"/v3/export-jobs/{AJob}", null, LedgerScopes.ExportsRead },
        { "GET", $"/v3/export-jobs/{AJob}/items", null, LedgerScopes.ExportsRead },
        { "PUT", $"/v3/export-jobs/{AJob}/items", "[]", LedgerScopes.ExportsWrite },
        { "POST", "/v3/export-job-events", $$"""{"jobId":"{{AJob}}","event":"started"}""", LedgerScopes.ExportsWrite },
        { "GET", "/v3/export-job-items?accounting_entry_id=11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61", null, LedgerScopes.ExportsRead },
        { "POST", "/v3/export-job-items:search", """{"accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"]}""", LedgerScopes.ExportsRead },
        { "GET", $"/v3/export-items?job_id={AJob}", null, LedgerScopes.ExportsRead },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Section_1_1_without_a_credential_or_with_a_wrong_one_it_is_401(string method, string address, string? body, LedgerScopes scope)
    {
        _ = scope;
        foreach (var authorization in new[] { null, "Bearer nonsense", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("pls_00000000000000000000000000000000_000000:")), "Basic ???" })
        {
            var http = await host.AnonymousAsync();
            if (authorization is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

            var answer = await new JobsClient(http, "").SendAsync(new(method), address, body);

            (answer.Status, answer.Type).ShouldBe((401, "UNAUTHORIZED"), authorization);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Section_1_1_the_scope_of_the_operation_suffices_and_every_other_one_does_not(string method, string address, string? body, LedgerScopes scope)
    {
        var tenant = await host.NewTenantAsync();
        var allowed = new JobsClient(await tenant.SignInAsync(scope), tenant.Id);
        var others = new JobsClient(await tenant.SignInAsync(LedgerScopes.All & ~scope), tenant.Id);

        (await allowed.SendAsync(new(method), address, body?.Replace("3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6", tenant.Id, StringComparison.Ordinal))).Status.ShouldNotBe(403);
        var refused = await others.SendAsync(new(method), address, body);

        (refused.Status, refused.Type).ShouldBe((403, "FORBIDDEN"));
    }

    [Theory]
    [InlineData("export-jobs:read", "/v3/export-jobs")]
    [InlineData("export-items:read", "/v3/export-items")]
    public async Task Section_1_1_a_bearer_token_asked_for_with_the_contracts_scope_name_is_accepted(string scope, string address)
    {
        var tenant = await host.NewTenantAsync();
        var anonymous = await host.AnonymousAsync();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = tenant.Credentials.Client.ClientId,
            ["client_secret"] = tenant.Credentials.Secret,
            ["scope"] = scope,
        });
        using var token = await anonymous.PostAsync("/oauth2/token", form, TestContext.Current.CancellationToken);
        using var granted = JsonDocument.Parse(await token.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        anonymous.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.RootElement.Text("access_token"));

        (await new JobsClient(anonymous, tenant.Id).GetAsync(address)).Status.ShouldBeOneOf(200, 400);   // 400: export-items asks for a job
        (await new JobsClient(anonymous, tenant.Id).PostAsync("/v3/export-job-events", new { jobId = AJob, @event = "started" })).Type.ShouldBe("FORBIDDEN");
    }

    public static TheoryData<string, string> WritingOperations => new()
    {
        { "POST", "/v3/export-jobs" },
        { "PUT", $"/v3/export-jobs/{AJob}/items" },
        { "POST", "/v3/export-job-events" },
        { "POST", "/v3/export-job-items:search" },
    };

    [Theory]
    [MemberData(nameof(WritingOperations))]
    public async Task A_malformed_body_is_400_and_writes_nothing(string method, string address)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        string[] bodies =
        [
            "", "   ", "{", "[", "{]", "nul", "true", "7", "\"text\"", "{\"a\":1}x", "{'a':1}", "{\"jobId\":}", "[{\"accountingEntryId\":\"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61\",\"status\":\"succ",
            """{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"started"}""",
            """[{"status":"failed","status":"failed","accountingEntryId":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"}]""",
            "{\"companyId\":\"\\u0000\"}", "[{\"failureReason\":\"\\u0000\"}]", "{\"companyId\":\"\\ud800\"}", "[{\"failureReason\":\"\\udc00\\ud800\"}]",
            new string('[', 40) + new string(']', 40), string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40),
            "{\"companyId\":1e999999}", "{\"accountingEntryIds\":123456789012345678901234567890}", "{\"accountingEntryIds\":[null]}", "{\"accountingEntryIds\":{}}",
            "{\"companyId\":\"'; drop table ledger.jobs; --\",\"accountingEntryIds\":[\"' or 1=1\"],\"jobId\":\"'--\",\"event\":\"' or ''='\"}",
        ];
        foreach (var body in bodies)
        {
            var answer = await client.SendAsync(new(method), address, body);
            (answer.Status, answer.Type).ShouldBe((400, "BAD_REQUEST"), body);
        }
        (await tenant.CountEventsAsync()).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(WritingOperations))]
    public async Task Bytes_that_are_no_UTF_8_are_400(string method, string address)
    {
        var (client, _) = await JobsClient.NewAsync(host);
        using var request = new HttpRequestMessage(new(method), address) { Content = new ByteArrayContent([(byte)'"', 0xC3, 0x28, (byte)'"']) { Headers = { ContentType = new("application/json") } } };

        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
    }

    [Theory]
    [MemberData(nameof(WritingOperations))]
    public async Task Another_media_type_is_415(string method, string address)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        foreach (var mediaType in new[] { "text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=iso-8859-1" })
            (await client.SendAsync(new(method), address, "{}", mediaType)).Status.ShouldBe(415, mediaType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=utf-8")]
    public async Task Section_1_both_spellings_of_the_media_type_are_accepted(string mediaType)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);

        (await client.SendAsync(HttpMethod.Post, "/v3/export-jobs", JsonSerializer.Serialize(new { companyId = client.CompanyId, accountingEntryIds = entries }), mediaType)).Status.ShouldBe(201);
    }

    [Theory]
    [MemberData(nameof(WritingOperations))]
    public async Task Q31_a_body_over_one_MiB_is_413_with_a_type_of_our_own(string method, string address)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        var answer = await client.SendAsync(new(method), address, "[\"" + new string('x', 1 << 20) + "\"]");

        (answer.Status, answer.Type).ShouldBe((413, "PAYLOAD_TOO_LARGE"));
    }

    [Theory]
    [InlineData("POST", "/v3/export-jobs", """{"companyId":"3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6","accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"],}""")]
    [InlineData("POST", "/v3/export-job-events", """{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"started",}""")]
    [InlineData("POST", "/v3/export-job-items:search", """{"accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61",]}""")]
    public async Task A_trailing_comma_is_accepted_nowhere_but_on_items(string method, string address, string body)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.SendAsync(new(method), address, body)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("DELETE", "/v3/export-jobs", 405)]
    [InlineData("PATCH", "/v3/export-jobs/8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70", 405)]
    [InlineData("DELETE", "/v3/export-jobs/8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70", 405)]
    [InlineData("POST", "/v3/export-jobs/8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70/items", 405)]
    [InlineData("GET", "/v3/export-jobs/8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70/cancel", 404)]
    [InlineData("GET", "/v3/export-job-nothing", 404)]
    public async Task Section_3_there_is_no_other_operation(string method, string address, int status)
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.SendAsync(new(method), address)).Status.ShouldBe(status);
    }
}
