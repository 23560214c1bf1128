using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Api.Tests.Hosting;

/// <summary>The service as a process of its own, with the demo tenant and no records: for what only ends with a process.</summary>
internal sealed class RunningService : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunningService(Process process, Uri address)
    {
        (Process, Address) = (process, address);
        Http = Client();
    }

    public Process Process { get; }

    public Uri Address { get; }

    /// <summary>Signed in as the demo client.</summary>
    public HttpClient Http { get; }

    /// <returns>The service, once it is ready.</returns>
    public static async Task<RunningService> StartAsync(string connectionString, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", typeof(Program).Assembly.Location) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ConnectionStrings__Ledger"] = connectionString;
        start.Environment["Ledger__Demo"] = "true";
        start.Environment["Ledger__DemoRecords"] = "false";
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var service = new RunningService(process, address);
        for (var attempt = 0; attempt < 600 && !process.HasExited; attempt++)
        {
            try
            {
                if ((await service.Http.GetAsync("/health/ready", Token)).IsSuccessStatusCode) return service;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, Token);
            }
        }
        service.Dispose();
        throw new InvalidOperationException("The service did not get ready.");
    }

    /// <summary>Another client of the demo tenant, with connections of its own.</summary>
    public HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("demo-key:")));
        return http;
    }

    /// <summary>SIGTERM, as an orchestrator sends it.</summary>
    public async Task TellToStopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{Process.Id}"]);
        await kill.WaitForExitAsync(Token);
    }

    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await Process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token);
        return Process.ExitCode;
    }

    public void Dispose()
    {
        Http.Dispose();
        if (!Process.HasExited) Process.Kill();
        Process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
