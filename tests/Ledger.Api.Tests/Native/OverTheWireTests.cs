using System.Net;
using System.Text;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Native;

/// <summary>What only a real server shows: addresses as they were sent, bodies that arrive in pieces, streams that stay open.</summary>
public sealed class OverTheWireTests : IAsyncLifetime
{
    private readonly LedgerHost _host = LedgerHost.OverTheWire();
    private TestTenant _tenant = null!;

    public async ValueTask InitializeAsync() => _tenant = await _host.NewTenantAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Finds_a_record_whatever_its_id()
    {
        string[] ids = ["a/b", "a%2Fb", "a%252F/b", "'; drop table ledger.records; --", "ünï ☃ 😀 \"quoted\" \\ back", "a?b#c&d=e+f", " spaces ", "..a", "%", "%zz"];
        await _tenant.RegisterAsync([.. ids.Select(id => ARecord.Named(id))]);

        foreach (var id in ids)
        {
            (await _tenant.Http.AskAsync($"/ledger/v1/records/{Uri.EscapeDataString(id)}")).Ok().Text("id").ShouldBe(id);
            (await _tenant.Http.AskAsync($"/ledger/v1/records/{Uri.EscapeDataString(id)}/timeline")).Ok().At("events", 0).Text("record_id").ShouldBe(id);
            var item = (await _tenant.Http.AskAsync($"/ledger/v1/systems/{Uri.EscapeDataString("my/erp%2F")}/items/{Uri.EscapeDataString(id)}")).Ok();
            (item.Text("system_id"), item.Text("record_id")).ShouldBe(("my/erp%2F", id));
        }
    }

    [Fact]
    public async Task Registers_a_long_body_line_by_line()
    {
        var lines = string.Concat(Enumerable.Range(1, 3_000).Select(number => $$"""{"id":"r{{number}}","amount":{"value":{{number}},"currency":"EUR"},"text":"{{new string('x', number % 700)}}"}""" + "\n"));

        var answer = await _tenant.Http.SendAsync(HttpMethod.Post, "/ledger/v1/records", lines, "application/x-ndjson");

        answer.Lines.Count.ShouldBe(3_001);
        answer.Lines[^1].At("counts", "registered").GetInt32().ShouldBe(3_000);
        (await _tenant.Http.SendAsync(HttpMethod.Post, "/ledger/v1/records", lines, "application/x-ndjson")).Lines[^1].At("counts", "unchanged").GetInt32().ShouldBe(3_000);
    }

    [Fact]
    public async Task Refuses_a_body_over_the_limit_whether_its_length_is_announced_or_not()
    {
        var tooLong = new byte[(32 << 20) + 1];
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/ledger/v1/records") { Content = new ByteArrayContent(tooLong) { Headers = { ContentType = new("application/json") } } };
        chunked.Headers.TransferEncodingChunked = true;

        (await _tenant.Http.CallAsync(HttpMethod.Post, "/ledger/v1/records", tooLong, "application/json")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await _tenant.Http.SendAsync(chunked, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Tells_new_events_to_an_open_stream()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ledger/v1/events") { Headers = { Accept = { new("text/event-stream") } } };
        using var response = await _tenant.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("retry: 2000");

        await _tenant.RegisterAsync(ARecord.Named("a"));

        (await NextAsync(reader)).ShouldBe((1, "record_registered"));
        await _tenant.RegisterAsync(ARecord.Named("b"));
        (await NextAsync(reader)).ShouldBe((2, "record_registered"));
    }

    private static async Task<(int Id, string Type)> NextAsync(StreamReader reader)
    {
        var (id, type) = (0, "");
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = int.Parse(line[4..], null);
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            if (line.Length == 0 && id > 0) return (id, type);
        }
        throw new EndOfStreamException();
    }
}
