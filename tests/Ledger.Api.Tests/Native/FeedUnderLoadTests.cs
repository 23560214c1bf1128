using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Native;

/// <summary>64 writers, and consumers of every form that are cut off at any moment and resume from what they last saw.</summary>
public sealed class FeedUnderLoadTests : IAsyncLifetime
{
    private const int Writers = 64;
    private const int AppendsPerWriter = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly LedgerHost _host = LedgerHost.OverTheWire();
    private TestTenant _tenant = null!;
    private long _written = long.MaxValue;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _tenant = await _host.NewTenantAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Each_consumer_reads_every_position_once_and_in_order()
    {
        var consumers = Enumerable.Range(0, 6).Select(number => Task.Run(() => ConsumeAsync(number), Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer), Token)));
        await _tenant.SealedAsync();
        var count = await _tenant.CountEventsAsync();
        Volatile.Write(ref _written, count);

        foreach (var (positions, ids, cuts) in await Task.WhenAll(consumers))
        {
            positions.ShouldBe(Enumerable.Range(1, (int)count).Select(position => (long)position));
            ids.Distinct().Count().ShouldBe((int)count);
            cuts.ShouldBeGreaterThan(0);
        }
        count.ShouldBeGreaterThanOrEqualTo(Writers * AppendsPerWriter);
    }

    // Streams of its own, and streams others write to as well: appends of one event and of many.
    private async Task WriteAsync(int writer)
    {
        for (var append = 0; append < AppendsPerWriter;)
        {
            try
            {
                await _tenant.RegisterAsync([ARecord.Named($"shared-{(writer + append) % 64}", text: $"{writer}-{append}"), .. ARecord.Many(append % 3, $"own-{writer}-{append}-")]);
                append++;
            }
            catch (ContentionException)
            {
                // Others were quicker many times in a row: nothing was written.
            }
        }
    }

    private async Task<(List<long> Positions, List<string> Ids, int Cuts)> ConsumeAsync(int number)
    {
        var random = new Random(number);
        var (positions, ids, cuts) = (new List<long>(), new List<string>(), 0);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        giveUp.CancelAfter(Patience);
        while ((positions.Count == 0 ? 0 : positions[^1]) < Volatile.Read(ref _written))
        {
            giveUp.Token.ThrowIfCancellationRequested();
            using var kill = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token);
            kill.CancelAfter(random.Next(1, 120));
            try
            {
                // An open stream ends by being cut only: so everybody is cut at least once.
                await ReadAsync(cuts == 0 ? 2 : random.Next(3), positions, ids, kill.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException && kill.IsCancellationRequested && !giveUp.IsCancellationRequested)
            {
                cuts++;
            }
        }
        return (positions, ids, cuts);
    }

    /// <summary>Notes each event as soon as it is whole; the connection is cut wherever it happens to be.</summary>
    private async Task ReadAsync(int form, List<long> positions, List<string> ids, CancellationToken cut)
    {
        var last = positions.Count == 0 ? 0 : positions[^1];
        using var request = new HttpRequestMessage(HttpMethod.Get, form == 2 ? "/ledger/v1/events" : $"/ledger/v1/events?after={last}&limit=50");
        request.Headers.Add("Accept", form switch { 0 => "application/json", 1 => "application/x-ndjson", _ => "text/event-stream" });
        if (form == 2 && last > 0) request.Headers.Add("Last-Event-ID", $"{last}");
        using var response = await _tenant.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cut);
        response.EnsureSuccessStatusCode();
        void Note(JsonElement one)
        {
            positions.Add(one.GetProperty("position").GetInt64());
            ids.Add(one.Text("id"));
        }
        await using var body = await response.Content.ReadAsStreamAsync(cut);
        if (form == 0)
        {
            foreach (var one in (await JsonDocument.ParseAsync(body, cancellationToken: cut)).RootElement.GetProperty("events").EnumerateArray()) Note(one);
            return;
        }
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync(cut) is { } line)
        {
            if (form == 1) Note(JsonDocument.Parse(line).RootElement);
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) Note(JsonDocument.Parse(line[6..]).RootElement);
        }
    }
}
