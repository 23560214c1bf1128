using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Bench;

/// <summary>The published service as a process of its own, as an operator runs it, and a client of it.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process, HttpClient http) => (_process, Http) = (process, http);

    public HttpClient Http { get; }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="assembly">Path of <c>Ledger.Api.dll</c>.</param>
    public static async Task<ServiceProcess> StartAsync(string assembly, string connectionString)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", assembly) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(assembly)! };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ConnectionStrings__Ledger"] = connectionString;
        start.Environment["Ledger__Demo"] = "true";
        start.Environment["Ledger__DemoRecords"] = "false";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("demo-key:")));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK) return new(process, http);
            }
            catch (HttpRequestException) when (attempt < 300 && !process.HasExited) { }
            await Task.Delay(100);
        }
    }

    /// <summary>One report of a batch through the native API.</summary>
    public async Task<int> ReportAsync(int worker, int round)
    {
        var reference = Workload.NextReference();
        var body = new StringBuilder("{\"results\":[");
        foreach (var id in Workload.Batch(worker, round)) body.Append(body[^1] == '[' ? "" : ",").Append("{\"record_id\":\"").Append(id.Value).Append("\",\"outcome\":\"exported\",\"external_id\":\"").Append(reference).Append("\"}");
        using var content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json").MediaType!);
        using var response = await Http.PostAsync("/ledger/v1/systems/erp/results", content);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || !answer.Contains("\"applied\":100", StringComparison.Ordinal)) throw new InvalidOperationException($"{(int)response.StatusCode}: {answer[..Math.Min(300, answer.Length)]}");
        return Workload.BatchSize;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
