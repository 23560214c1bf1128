using System.Net;
using System.Text;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Native;

public sealed class StreamingRecordsTests(LedgerHost host)
{
    private const string Records = "/ledger/v1/records";
    private static string R(string id) => "{\"id\":\"" + id + "\",\"amount\":{\"value\":100,\"currency\":\"EUR\"}}";
    private static Task<Answer> PostAsync(HttpClient client, string lines, params (string, string)[] headers) => client.SendAsync(HttpMethod.Post, Records, lines, "application/x-ndjson", headers);

    [Fact]
    public async Task Answers_line_by_line_and_ends_with_the_counts()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await PostAsync(tenant.Http, $"{R("a")}\n\n{R("b")}\r\n{R("a")}");

        answer.MediaType.ShouldBe("application/x-ndjson");
        answer.Lines.Count.ShouldBe(4);
        answer.Lines.Take(3).Select(line => (line.GetProperty("line").GetInt32(), line.Text("id"), line.Text("status")))
            .ShouldBe([(1, "a", "registered"), (3, "b", "registered"), (4, "a", "unchanged")]);
        answer.Lines[3].At("counts", "registered").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Lets_no_bad_line_stop_the_others()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await PostAsync(tenant.Http, $"{R("a")}\n{{\"id\":\n{{\"id\":\"no-amount\"}}\n{{\"id\":\"\\u0000\"}}\n{{\"id\":\"\\ud800\"}}\n{{\"id\":\"1\",\"id\":\"2\"}}\n{R("b")}\n");

        answer.Lines.Take(7).Select(line => line.Text("status")).ShouldBe(["registered", "rejected", "rejected", "rejected", "rejected", "rejected", "registered"]);
        answer.Lines[1].At("problem").Text("code").ShouldBe("malformed_json");
        answer.Lines[2].At("problem", "errors", 0).Text("pointer").ShouldBe("/amount");
        answer.Lines[2].Text("id").ShouldBe("no-amount");
        answer.Lines[7].At("counts", "rejected").GetInt32().ShouldBe(5);
        (await tenant.CountEventsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Skips_a_line_over_1_MiB_and_reads_on_behind_it()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await PostAsync(tenant.Http, $"{R("a")}\n\"{new string('x', 3 << 20)}\"\n{R("b")}");

        answer.Lines.Select(line => line.TryGetProperty("status", out var status) ? status.GetString() : "end").ShouldBe(["registered", "rejected", "registered", "end"]);
        answer.Lines[1].At("problem").Text("code").ShouldBe("line_too_long");
        answer.Lines[2].GetProperty("line").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Takes_more_records_than_a_batch_holds()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await PostAsync(tenant.Http, string.Join('\n', Enumerable.Range(1, 2_500).Select(number => R($"r{number}"))));

        answer.Lines.Count.ShouldBe(2_501);
        answer.Lines[^1].At("counts", "registered").GetInt32().ShouldBe(2_500);
        (await tenant.CountEventsAsync()).ShouldBe(2_500);
    }

    [Fact]
    public async Task Answers_the_first_batch_while_the_body_is_still_being_sent()
    {
        var tenant = await host.NewTenantAsync();
        var firstBatchAnswered = new TaskCompletionSource();
        using var content = new LateContent(string.Join('\n', Enumerable.Range(1, 1_000).Select(number => R($"r{number}"))) + "\n", firstBatchAnswered.Task, R("late"));
        content.Headers.ContentType = new("application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, Records) { Content = content };

        using var response = await tenant.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (var line = 1; line <= 1_000; line++) (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await tenant.CountEventsAsync()).ShouldBe(1_000);
        firstBatchAnswered.SetResult();

        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain("late");
    }

    [Fact]
    public async Task Reports_only_rejections_when_asked_for_less()
    {
        var tenant = await host.NewTenantAsync();

        var answer = await PostAsync(tenant.Http, $"{R("a")}\n{{}}\n{R("b")}", ("Prefer", "return=minimal"));

        answer.Lines.Count.ShouldBe(2);
        answer.Lines[0].GetProperty("line").GetInt32().ShouldBe(2);
        answer.Lines[1].At("counts", "registered").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Refuses_lines_without_a_credential()
    {
        (await PostAsync(await host.AnonymousAsync(), R("a"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private sealed class LateContent(string first, Task signal, string second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            await signal;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
