using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ledger.Bench.Load;

namespace Ledger.Bench.Service;

/// <summary>The published service as a process of its own, as an operator runs it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process, int port, ServiceCounters? counters, TimeSpan startTime)
    {
        (_process, Port, Counters, StartTime) = (process, port, counters, startTime);
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public int Port { get; }

    /// <summary>From the start of the process to the first 200 of <c>/health/ready</c>.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Null when it was started as it is, without the hook that counts.</summary>
    public ServiceCounters? Counters { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="assembly">Path of the published <c>Ledger.Api.dll</c>.</param>
    /// <param name="counting">False starts it exactly as an operator does.</param>
    public static async Task<ServiceProcess> StartAsync(string assembly, string connectionString, bool counting, TimeSpan patience)
    {
        var port = FreePort();
        var counters = counting ? new ServiceCounters() : null;
        var start = new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(assembly)! };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ConnectionStrings__Ledger"] = connectionString;
        start.Environment["Ledger__Demo"] = "true";
        start.Environment["Ledger__DemoRecords"] = "false";
        start.Environment["Logging__LogLevel__Default"] = "Error";
        // The limit per client is there to keep one client from taking everything, which is what is measured here.
        start.Environment["Ledger__RequestsPerSecond"] = start.Environment["Ledger__RequestBurst"] = "1000000";
        if (counters is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment[StartupHook.FileVariable] = counters.File;
        }
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        process.OutputDataReceived += (_, line) => { if (line.Data is { } text) Console.Error.WriteLine($"service: {text}"); };
        process.BeginOutputReadLine();
        while (!await IsReadyAsync(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > patience)
            {
                if (!process.HasExited) process.Kill();
                throw new InvalidOperationException("The service did not become ready.");
            }
            await Task.Delay(5);
        }
        return new(process, port, counters, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            using var connection = await HttpConnection.OpenAsync(port, "");
            await connection.SendAsync("GET", "/health/ready");
            return true;
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Counters?.Dispose();
    }

    // Also when the run is interrupted: nothing it started stays behind.
    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited) _process.Kill();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
