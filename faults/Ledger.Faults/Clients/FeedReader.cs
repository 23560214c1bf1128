using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Faults.Lines;

namespace Ledger.Faults.Clients;

/// <summary>Follows a tenant's feed by pages, as a subscriber does, and notes what it missed.</summary>
internal sealed class FeedReader(Uri node, Tenant tenant)
{
    private readonly AuthenticationHeaderValue _credentials = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{tenant.ApiKey}:")));
    private readonly Dictionary<string, long> _versions = [];
    private readonly List<string> _wrong = [];
    private long _position;

    public long Read => Interlocked.Read(ref _position);

    public int Skipped { get; private set; }

    public int Inverted { get; private set; }

    public IReadOnlyList<string> Wrong => _wrong;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var response = await Patiently.SendAsync(() => new(HttpMethod.Get, new Uri(node, $"/ledger/v1/events?limit=1000&after={_position}")) { Headers = { Authorization = _credentials } });
            using var page = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(CancellationToken.None));
            var events = page.RootElement.GetProperty("events");
            foreach (var @event in events.EnumerateArray()) Take(@event);
            if (events.GetArrayLength() == 0) await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Waits until it has read this far.</summary>
    public async Task ReachAsync(long position)
    {
        for (var clock = Stopwatch.StartNew(); Read < position; await Task.Delay(20))
            if (clock.Elapsed > Site.Patience) throw new InvalidOperationException($"A reader stopped at {Read} of {position} events.");
    }

    private void Take(JsonElement @event)
    {
        var (position, stream, version) = (@event.GetProperty("position").GetInt64(), @event.GetProperty("stream_id").GetString()!, @event.GetProperty("version").GetInt64());
        var known = _versions.GetValueOrDefault(stream);
        if (position != _position + 1)
        {
            Skipped++;
            Note($"position {position} came after {_position}");
        }
        if (version != known + 1)
        {
            Inverted++;
            Note($"{stream}: version {version} came after {known}");
        }
        _versions[stream] = Math.Max(known, version);
        Interlocked.Exchange(ref _position, position);
    }

    private void Note(string what)
    {
        if (_wrong.Count < 20) _wrong.Add(what);
    }
}
