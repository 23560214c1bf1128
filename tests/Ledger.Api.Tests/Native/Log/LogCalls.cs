using Ledger.Api.Tests.Hosting;
using Ledger.EventStore.Log;
using Ledger.Proof.Notes;
using Ledger.Proof.Tree;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Native.Log;

/// <summary>The log of a tenant as an auditor sees it.</summary>
internal static class LogCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Registers records, and waits until the log holds that many events of the tenant.</summary>
    public static async Task<Checkpoint> LoggedAsync(this TestTenant tenant, LedgerHost host, int records)
    {
        await tenant.RegisterAsync([.. Enumerable.Range(0, records).Select(_ => ARecord.Named(Guid.NewGuid().ToString()))]);
        return await tenant.LoggedAsync(host);
    }

    /// <summary>Waits until every event of the tenant is in the log.</summary>
    /// <returns>The checkpoint that says so, its signature verified.</returns>
    public static async Task<Checkpoint> LoggedAsync(this TestTenant tenant, LedgerHost host)
    {
        var log = (await host.ServicesAsync()).GetRequiredService<LogReader>();
        var events = await tenant.CountEventsAsync();
        for (var deadline = DateTime.UtcNow + Patience; await log.SizeAsync(tenant.Id, TestContext.Current.CancellationToken) < events; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"The log does not reach {events} events.");
        }
        return await tenant.Http.CheckpointAsync();
    }

    /// <summary>The checkpoint a path answers, opened with the keys the server publishes.</summary>
    public static async Task<Checkpoint> CheckpointAsync(this HttpClient http, string path = "/ledger/v1/log/checkpoint")
    {
        var note = await http.AskAsync(path);
        note.Status.ShouldBe(System.Net.HttpStatusCode.OK, note.Text);
        return Checkpoint.Open(note.Text, await http.KeysAsync());
    }

    public static async Task<IReadOnlyList<NoteKey>> KeysAsync(this HttpClient http) =>
        [.. (await http.AskAsync("/ledger/v1/log/key", ("Accept", "text/plain"))).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NoteKey.Parse)];

    public static async Task<byte[]> BytesAsync(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, path);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public static Digest Hash(this System.Text.Json.JsonElement element) => Digest.TryParseHex(element.GetString(), out var digest) ? digest : throw new FormatException($"{element} is no hash.");
}
