using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Errors;

public sealed class AnsweringFaultsTests(FaultyService service) : IClassFixture<FaultyService>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/acme/v2/things/7", 404, "thing_not_found")]
    [InlineData("/acme/v2/crash", 500, "internal_error")]
    [InlineData("/elsewhere/crash", 500, "internal_error")]
    [InlineData("/acme/v2/nowhere", 404, "not_found")]
    [InlineData("/ACME/v9", 404, "not_found")]
    public async Task Writes_the_shape_of_the_route_or_of_the_longest_claimed_prefix(string path, int status, string code)
    {
        using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        ((int)answer.StatusCode).ShouldBe(status);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        body.GetProperty("acme_code").GetString().ShouldBe(code);
        body.GetProperty("acme_status").GetInt32().ShouldBe(status);
    }

    [Theory]
    [InlineData("GET", "/", 404, "not_found")]
    [InlineData("GET", "/ledger/v1/nowhere", 404, "not_found")]
    [InlineData("GET", "/acmex", 404, "not_found")]
    [InlineData("DELETE", "/ledger/v1/refused", 405, "method_not_allowed")]
    [InlineData("GET", "/ledger/v1/status/429", 429, "too_many_requests")]
    [InlineData("GET", "/ledger/v1/status/418", 418, "request_failed")]
    [InlineData("GET", "/ledger/v1/away", 503, "unavailable")]
    [InlineData("GET", "/ledger/v1/slow", 503, "unavailable")]
    [InlineData("GET", "/ledger/v1/contended", 503, "contended")]
    public async Task Writes_problem_details_where_no_contract_claims_the_path(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await service.Client.SendAsync(request, Cancelled);
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        body.GetProperty("status").GetInt32().ShouldBe(status);
        body.GetProperty("code").GetString().ShouldBe(code);
        body.GetProperty("type").GetString().ShouldBe($"urn:export-ledger:problem:{code}");
        body.GetProperty("correlation_id").GetString().ShouldBe(answer.Headers.GetValues("X-Correlation-Id").Single());
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        if (status == 503) answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        if (status == 405) answer.Content.Headers.Allow.ShouldBe(["GET"]);
    }

    [Fact]
    public async Task Names_a_pointer_per_wrong_place()
    {
        var body = await service.Client.GetFromJsonOfAnyStatusAsync("/ledger/v1/refused", Cancelled);
        body.GetProperty("detail").GetString().ShouldBe("The request has 2 faults.");
        body.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).ShouldBe(["/records/3/amount", ""]);
    }

    [Fact]
    public async Task Carries_members_and_retry_after_of_the_fault()
    {
        using var answer = await service.Client.GetAsync(new Uri("/ledger/v1/busy", UriKind.Relative), Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        body.GetProperty("job_id").GetString().ShouldBe("j1");
        body.GetProperty("ids").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Leaves_an_answer_that_has_a_body_alone() =>
        (await (await service.Client.GetAsync(new Uri("/ledger/v1/own", UriKind.Relative), Cancelled)).Content.ReadAsStringAsync(Cancelled)).ShouldBe("my own words");

    [Theory]
    [InlineData("text/plain", "5", 415)]
    [InlineData("application/json", "{\"value\":", 400)]
    [InlineData("application/json", "{\"value\":\"x\"}", 400)]
    public async Task Turns_what_binding_refuses_into_the_shape(string mediaType, string sent, int status)
    {
        using var content = new StringContent(sent, Encoding.UTF8, mediaType);
        using var answer = await service.Client.PostAsync(new Uri("/ledger/v1/numbers", UriKind.Relative), content, Cancelled);
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task Logs_an_exception_under_its_correlation_id_and_shows_nothing_of_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/acme/v2/crash") { Headers = { { "X-Correlation-Id", "my-request-1" } } };
        using var answer = await service.Client.SendAsync(request, Cancelled);
        answer.Headers.GetValues("X-Correlation-Id").ShouldBe(["my-request-1"]);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldNotContain("secret_things");
        service.Log.Lines.ShouldContain(line => line.Level == LogLevel.Error && line.Text.Contains("my-request-1") && line.Text.Contains("secret_things"));
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("<script>")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Replaces_a_correlation_id_of_the_wrong_form(string given)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.TryAddWithoutValidation("X-Correlation-Id", given).ShouldBeTrue();
        using var answer = await service.Client.SendAsync(request, Cancelled);
        Guid.Parse(answer.Headers.GetValues("X-Correlation-Id").Single()).Version.ShouldBe(7);
    }

    [Fact]
    public async Task Breaks_the_connection_when_the_status_has_left_already()
    {
        var reading = async () => await service.Client.GetStringAsync(new Uri("/ledger/v1/half", UriKind.Relative), Cancelled);
        await reading.ShouldThrowAsync<HttpRequestException>();
        service.Log.Lines.ShouldContain(line => line.Level == LogLevel.Error && line.Text.Contains("the second half failed"));
    }

    [Fact]
    public async Task Does_not_call_a_client_that_hung_up_a_fault()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(service.Address.Host, service.Address.Port, Cancelled);
            await socket.GetStream().WriteAsync("GET /ledger/v1/hang HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancelled);
            await service.Hanging.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        }
        (await service.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).ShouldBe(499);
        service.Log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Warning && line.Text.Contains("/ledger/v1/hang"));
    }
}
