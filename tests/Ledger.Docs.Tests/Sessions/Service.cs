using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ledger.Testing.Postgres;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>The service as ./run --empty starts it: a process of its own, demo clients, no records, over a database of its own.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();

    private Service(TestDatabase database, Uri address, IReadOnlyDictionary<string, string> settings)
    {
        this.database = database;
        Address = address;
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "Ledger.Api.dll")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = address.GetLeftPart(UriPartial.Authority);
        start.Environment["ConnectionStrings__Ledger"] = database.ConnectionString;
        start.Environment["Ledger__Demo"] = "true";
        start.Environment["Ledger__DemoRecords"] = "false";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public static async Task<Service> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var service = new Service(await TestDatabase.CreateEmptyAsync(), new($"http://127.0.0.1:{FreePort()}"), settings);
        try
        {
            await service.ReadyAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        await database.DisposeAsync();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Address };
        // A busy machine takes its time to compile and migrate.
        for (var attempt = 0; attempt < 1_200 && !process.HasExited; attempt++)
        {
            try
            {
                if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100, cancellationToken);
        }
        throw new InvalidOperationException("The service did not get ready:\n" + string.Join('\n', log));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
