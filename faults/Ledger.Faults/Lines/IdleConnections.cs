using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.Faults.Machines;

namespace Ledger.Faults.Lines;

/// <summary>F24: connections nobody uses and bodies that trickle, while others ask for health.</summary>
internal static class IdleConnections
{
    private const long MostBytes = 350L << 20;
    private static readonly TimeSpan MostWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Longer than any limit of docs/limits.md on a connection that does nothing.</summary>
    private static readonly TimeSpan EverybodyGone = TimeSpan.FromSeconds(200);

    public static Line Line { get; } = new("F24 idle connections and slow bodies", async plan =>
    {
        var (silent, slow) = (plan.Size(quick: 500, full: 10_000), plan.Size(quick: 20, full: 200));
        await using var site = await Site.OpenAsync(plan, new());
        var (node, key) = (site.Nodes[0], site.Tenants[0].ApiKey);
        var before = ResidentBytes(node);
        List<Socket> sockets = [];
        try
        {
            await OpenAsync(node, silent, sockets);
            using var stop = new CancellationTokenSource();
            var senders = Enumerable.Range(0, slow).Select(_ => TrickleAsync(node, key, stop.Token)).ToList();
            var (live, ready, most) = await AskAsync(node, times: plan.Size(quick: 50, full: 400));
            var ended = await EndedAsync(Task.WhenAll(senders), Site.Patience) ? senders.Count(sender => sender.Result) : senders.Count(sender => sender is { IsCompleted: true, Result: true });
            await stop.CancelAsync();
            var closed = plan.IsQuick ? 0 : await ClosedAsync(sockets);
            List<string> wrong = [];
            if (ended < slow) wrong.Add($"{slow - ended} of {slow} slow bodies were not ended");
            if (!plan.IsQuick && closed < silent) wrong.Add($"{silent - closed} of {silent} idle connections are still open after {EverybodyGone.TotalSeconds:0} s");
            if (most > MostBytes) wrong.Add($"{most >> 20} MB are resident");
            // A machine that does other things at the same time says nothing about latency: the quick campaign only reports it.
            if (!plan.IsQuick && Percentile(ready, 99) > MostWait) wrong.Add($"readiness took {Percentile(ready, 99).TotalMilliseconds:0} ms at the 99th percentile");
            return new Result(silent + slow)
            {
                Sent = live.Count + ready.Count,
                Wrong = wrong,
                Remarks =
                [
                    $"{silent:N0} idle connections and {slow} slow bodies: {before >> 20} MB resident before, {most >> 20} MB at most; p50/p99 of /health/live {Figures(live)}, of /health/ready {Figures(ready)}; "
                    + $"{ended} slow bodies ended, {(plan.IsQuick ? "idle connections not waited for" : $"{closed:N0} idle connections closed by the service")}",
                ],
            };
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    });

    private static async Task OpenAsync(ServiceNode node, int count, List<Socket> sockets)
    {
        while (sockets.Count < count)
        {
            var more = Enumerable.Range(0, Math.Min(200, count - sockets.Count)).Select(async _ =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port);
                return socket;
            });
            sockets.AddRange(await Task.WhenAll(more));
        }
    }

    /// <summary>Announces a body and sends a byte of it every second.</summary>
    /// <returns>True when the service ended it.</returns>
    private static async Task<bool> TrickleAsync(ServiceNode node, string key, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, CancellationToken.None);
        var credential = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key}:"));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /ledger/v1/records HTTP/1.1\r\nHost: ledger\r\nAuthorization: Basic {credential}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"), CancellationToken.None);
        var answer = socket.ReceiveAsync(new byte[1024], CancellationToken.None).AsTask();
        try
        {
            while (!answer.IsCompleted && !stop.IsCancellationRequested)
            {
                await socket.SendAsync(" "u8.ToArray(), CancellationToken.None);
                await Task.WhenAny(answer, Task.Delay(1_000, CancellationToken.None));
            }
        }
        catch (SocketException)
        {
            return true;
        }
        return answer.IsCompleted;
    }

    private static async Task<(List<TimeSpan> Live, List<TimeSpan> Ready, long MostBytes)> AskAsync(ServiceNode node, int times)
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        List<TimeSpan> live = [], ready = [];
        var most = 0L;
        // The first of each compiles what it runs.
        foreach (var path in new[] { "/health/live", "/health/ready" }) using (await http.GetAsync(new Uri(path, UriKind.Relative))) { }
        for (var time = 0; time < times; time++)
        {
            live.Add(await TimeAsync(http, "/health/live"));
            ready.Add(await TimeAsync(http, "/health/ready"));
            most = Math.Max(most, ResidentBytes(node));
            await Task.Delay(20);
        }
        return (live, ready, most);
    }

    private static async Task<TimeSpan> TimeAsync(HttpClient http, string path)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        return clock.Elapsed;
    }

    private static async Task<int> ClosedAsync(List<Socket> sockets)
    {
        var closing = sockets.ConvertAll(async socket =>
        {
            try
            {
                return await socket.ReceiveAsync(new byte[1], CancellationToken.None) == 0;
            }
            catch (SocketException error)
            {
                return error.SocketErrorCode == SocketError.ConnectionReset;
            }
        });
        await EndedAsync(Task.WhenAll(closing), EverybodyGone);
        return closing.Count(one => one is { IsCompletedSuccessfully: true, Result: true });
    }

    private static async Task<bool> EndedAsync(Task all, TimeSpan patience) => await Task.WhenAny(all, Task.Delay(patience)) == all;

    private static TimeSpan Percentile(List<TimeSpan> waits, int percent) => waits.Order().ElementAt(Math.Min(waits.Count - 1, waits.Count * percent / 100));

    private static string Figures(List<TimeSpan> waits) => string.Create(CultureInfo.InvariantCulture, $"{Percentile(waits, 50).TotalMilliseconds:0.0} / {Percentile(waits, 99).TotalMilliseconds:0.0} ms");

    private static long ResidentBytes(ServiceNode node)
    {
        var line = File.ReadLines($"/proc/{node.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
