using System.Text;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>The contract knows no idempotency keys; ours work on its writing routes all the same.</summary>
public sealed class RetryingWithAKeyTests(LedgerHost host)
{
    [Fact]
    public async Task A_create_an_event_and_a_report_repeated_with_their_keys_have_one_effect_and_one_answer()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(1);
        var create = $$"""{"companyId":"{{client.CompanyId}}","accountingEntryIds":["{{entries[0]}}"]}""";
        var created = await TwiceAsync(client, HttpMethod.Post, "/v3/export-jobs", "create", create, 201);
        var job = created.Data.Text("id")!;

        await TwiceAsync(client, HttpMethod.Post, "/v3/export-job-events", "start", $$"""{"jobId":"{{job}}","event":"started"}""", 202);
        var report = await TwiceAsync(client, HttpMethod.Put, $"/v3/export-jobs/{job}/items", "report", $$"""[{"accountingEntryId":"{{entries[0]}}","status":"successful","externalId":"JE-1",}]""", 200);

        var stored = await client.GetItemAsync(job, entries[0]);
        report.Rows.ShouldHaveSingleItem().GetRawText().ShouldBe(stored.GetRawText());
        (await client.GetJobAsync(job)).Text("createdAt").ShouldBe(created.Data.Text("createdAt"));
    }

    private static async Task<Answer> TwiceAsync(JobsClient client, HttpMethod method, string address, string key, string body, int status)
    {
        var (first, _) = await SendAsync(client, method, address, key, body);
        var (second, replayed) = await SendAsync(client, method, address, key, body);
        first.Status.ShouldBe(status, first.Text);
        second.ShouldBe(first);
        replayed.ShouldBeTrue();
        return first;
    }

    private static async Task<(Answer Answer, bool Replayed)> SendAsync(JobsClient client, HttpMethod method, string address, string key, string body)
    {
        using var request = new HttpRequestMessage(method, address) { Content = new StringContent(body, Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } } };
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (new((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), response.Headers.Contains("Idempotent-Replayed"));
    }
}
