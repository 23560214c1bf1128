using System.Diagnostics;
using System.Net;

namespace Ledger.Faults.Machines;

/// <summary>One process of the service, built as for release: nothing in it knows that it is going to be killed.</summary>
/// <param name="environment">Of the process, beside the settings.</param>
internal sealed class ServiceNode(string assembly, string connectionString, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(15) };
    private Process? _process;

    /// <summary>The same after every start.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{Loopback.FreePort()}");

    /// <summary>It was started and is not there any more.</summary>
    public bool HasEnded => _process is { HasExited: true };

    public int ProcessId => _process!.Id;

    public async Task StartAsync(bool wait = true)
    {
        var start = new ProcessStartInfo("dotnet", assembly) { WorkingDirectory = Path.GetDirectoryName(assembly)! };
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        start.Environment["ConnectionStrings__Ledger"] = connectionString;
        start.Environment["Ledger__RequestsPerSecond"] = "1000000";
        start.Environment["Ledger__RequestBurst"] = "1000000";
        start.Environment["Logging__LogLevel__Default"] = "None";
        start.Environment["Logging__LogLevel__Ledger.Api.Errors"] = "Error";   // what was answered with 500, and why
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Children.Start(start);
        if (wait) await ReadyAsync();
    }

    public async Task ReadyAsync()
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromMinutes(5);)
        {
            try
            {
                using var response = await Probe.GetAsync(new Uri(Address, "/health/ready"));
                if (response.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
            // A machine that is short of everything may fail to start it.
            if (_process!.HasExited) await StartAsync(wait: false);
            await Task.Delay(20);
        }
        throw new InvalidOperationException("The service did not get ready.");
    }

    /// <summary>The time of day as this process sees it, to the second; null: no answer.</summary>
    public async Task<DateTimeOffset?> DateAsync()
    {
        using var response = await Probe.GetAsync(new Uri(Address, "/health/ready"));
        return response.Headers.Date;
    }

    /// <summary>What the process has held at most, resident.</summary>
    public long PeakMegabytes
    {
        get
        {
            _process!.Refresh();
            return _process.PeakWorkingSet64 >> 20;
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <returns>How long it took to end.</returns>
    public async Task<TimeSpan> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync();
        return clock.Elapsed;
    }

    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }
}
