using System.Net;
using System.Text;
using Ledger.Api.Tests.Hosting;
using Ledger.Api.Tests.Native.Log;
using Ledger.Proof.Bundles;

namespace Ledger.Api.Tests.Native.Export;

public sealed class ExportingTests(LedgerHost host)
{
    [Theory]
    [InlineData("")]
    [InlineData("&format=csv")]
    [InlineData("&from=3&to=7")]
    [InlineData("&from=3&to=7&format=csv")]
    [InlineData("&system_id=erp")]
    [InlineData("&system_id=erp&from=5")]
    [InlineData("&system_id=odd%2Fname%25&format=csv")]
    [InlineData("&from=2999-01-01T00:00:00Z")]
    [InlineData("&to=2000-01-01T00:00:00Z&format=csv")]
    public async Task The_three_answers_are_a_bundle_that_verifies(string selection)
    {
        var tenant = await HistoryAsync();
        var size = (await tenant.LoggedAsync(host)).Size;
        var files = await BundleAsync(tenant, $"size={size}{selection}");
        var report = Verify(files);
        report.Findings.ShouldBeEmpty();
        report.Checkpoint!.Size.ShouldBe(size);

        var lines = Encoding.UTF8.GetString(files.Values.First());
        lines.Contains("item/other/", StringComparison.Ordinal).ShouldBe(selection is "" or "&format=csv" or "&from=3&to=7" or "&from=3&to=7&format=csv");
        if (selection.Contains("from=3", StringComparison.Ordinal)) report.Events.ShouldBe(5);
        if (selection.Length == 0) report.Events.ShouldBe(size);
        if (selection.Contains("odd", StringComparison.Ordinal)) lines.ShouldContain("item/odd%2Fname%25/");
        if (selection.Contains("2999", StringComparison.Ordinal) || selection.Contains("2000", StringComparison.Ordinal)) report.Events.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&format=csv")]
    [InlineData("&system_id=erp")]
    public async Task An_export_goes_on_after_any_position(string selection)
    {
        var tenant = await HistoryAsync();
        var size = (await tenant.LoggedAsync(host)).Size;
        var whole = Encoding.UTF8.GetString(await tenant.Http.BytesAsync($"/ledger/v1/export?size={size}{selection}"));
        var proof = Encoding.UTF8.GetString(await tenant.Http.BytesAsync($"/ledger/v1/export/proof?size={size}{selection}"));
        for (var after = 1; after <= size; after++)
        {
            var rest = Encoding.UTF8.GetString(await tenant.Http.BytesAsync($"/ledger/v1/export?size={size}&after={after}{selection}"));
            whole.ShouldEndWith(rest);
            var first = EventFile.Scan(new MemoryStream(Encoding.UTF8.GetBytes(whole[..^rest.Length])), selection.Contains("csv", StringComparison.Ordinal));
            first.LastPosition.ShouldBeLessThanOrEqualTo(after);
            first.WholeBytes.ShouldBe(first.Bytes);
            proof.ShouldEndWith(Encoding.UTF8.GetString(await tenant.Http.BytesAsync($"/ledger/v1/export/proof?size={size}&after={after}{selection}")));
        }
    }

    [Fact]
    public async Task Times_include_the_events_recorded_exactly_then()
    {
        var tenant = await HistoryAsync();
        await tenant.LoggedAsync(host);
        var lines = Encoding.UTF8.GetString(await tenant.Http.BytesAsync("/ledger/v1/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var time = System.Text.Json.JsonDocument.Parse(lines[4]).RootElement.GetProperty("recorded_at").GetString();
        var then = lines.Where(line => line.Contains($"\"recorded_at\":\"{time}\"", StringComparison.Ordinal)).ToArray();
        Encoding.UTF8.GetString(await tenant.Http.BytesAsync($"/ledger/v1/export?from={time}&to={time}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(then);
    }

    [Theory]
    [InlineData("from=0")]
    [InlineData("from=x")]
    [InlineData("from=99")]
    [InlineData("to=99")]
    [InlineData("from=4&to=2")]
    [InlineData("to=2026-13-01T00:00:00Z")]
    [InlineData("format=xml")]
    [InlineData("size=0")]
    [InlineData("size=-1")]
    [InlineData("after=99")]
    [InlineData("after=-1")]
    [InlineData("system_id=")]
    [InlineData("format=csv&format=csv")]
    public async Task What_cannot_be_exported_is_said_by_its_parameter(string query)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.LoggedAsync(host, records: 5);
        foreach (var path in new[] { "export", "export/proof", "export/manifest" })
        {
            if (query.StartsWith("after", StringComparison.Ordinal) && path == "export/manifest") continue;
            var answer = await tenant.Http.AskAsync($"/ledger/v1/{path}?{query}");
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
            answer.Text.ShouldContain($"?{query.Split('=', '&')[0].Replace("from", query.Contains("&to", StringComparison.Ordinal) ? "to" : "from", StringComparison.Ordinal)}");
        }
    }

    [Fact]
    public async Task Nothing_is_exported_before_the_first_checkpoint_nor_for_a_size_that_has_none()
    {
        var tenant = await host.NewTenantAsync();
        (await tenant.Http.AskAsync("/ledger/v1/export")).Status.ShouldBe(HttpStatusCode.NotFound);
        await tenant.LoggedAsync(host, records: 3);
        (await tenant.Http.AskAsync("/ledger/v1/export/manifest?size=77")).Text.ShouldContain("checkpoint_not_found");
        using var manifest = System.Text.Json.JsonDocument.Parse((await tenant.Http.AskAsync("/ledger/v1/export/manifest?files=false")).Text);
        manifest.RootElement.GetProperty("files").GetArrayLength().ShouldBe(0);
    }

    private async Task<TestTenant> HistoryAsync()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("=1+1"), ARecord.Named("B"), ARecord.Named("C")]);
        foreach (var system in new[] { "erp", "other", "odd%2Fname%25" })
        {
            var answer = await tenant.Http.PostJsonAsync($"/ledger/v1/systems/{system}/results", """{"results":[{"record_id":"=1+1","outcome":"exported","external_id":"@SUM(A1)"},{"record_id":"C","outcome":"failed","failure":{"type":"validation","reason":"-1, \"no\"\nsecond"}}]}""");
            answer.Ok();
        }
        return tenant;
    }

    private static async Task<Dictionary<string, byte[]>> BundleAsync(TestTenant tenant, string query) => new()
    {
        [query.Contains("csv", StringComparison.Ordinal) ? "events.csv" : "events.ndjson"] = await tenant.Http.BytesAsync($"/ledger/v1/export?{query}"),
        ["proof.ndjson"] = await tenant.Http.BytesAsync($"/ledger/v1/export/proof?{query}"),
        ["manifest.json"] = await tenant.Http.BytesAsync($"/ledger/v1/export/manifest?{query}"),
    };

    private static BundleReport Verify(Dictionary<string, byte[]> files) => new BundleVerifier(name => files.TryGetValue(name, out var file) ? new MemoryStream(file) : null).Verify();
}
