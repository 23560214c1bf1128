using System.Globalization;
using Ledger.Cli.Tests.EndToEnd;

namespace Ledger.Cli.Tests.Verify;

/// <summary>A running service whose log holds some records, some of them exported to a system.</summary>
internal static class LoggedService
{
    public static async Task<RunningService> StartAsync(int records = 30)
    {
        var service = await RunningService.StartAsync();
        await service.RegisterAsync("R", records);
        return service;
    }

    /// <summary>Registers records and waits until the log holds every event.</summary>
    public static async Task RegisterAsync(this RunningService service, string prefix, int records)
    {
        using var file = new TemporaryFile(string.Concat(Enumerable.Range(1, records).Select(number => string.Create(CultureInfo.InvariantCulture,
            $$"""{"amount":{"value":{{number}},"currency":"EUR"},"text":"=1+1, \"{{number}}\"","id":"{{prefix}}{{number}}"}""") + "\n")));
        var run = await ToolRun.OfAsync(["import", "ndjson", file.Name, "--url", service.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error + run.Out);
        await service.LoggedAsync();
    }

    public static async Task LoggedAsync(this RunningService service)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); await service.AskAsync<bool>("select (select count(*) from ledger.mt_events) <> coalesce((select sum(size) from ledger.log_heads), 0)"); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException("The log does not reach the last event.");
        }
    }

    public static Task ExecuteAsync(this RunningService service, string sql) => service.AskAsync<object?>($"with done as ({sql} returning 1) select count(*)::text from done");
}
