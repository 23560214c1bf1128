using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.EventStore;
using Ledger.Projections.Rebuild;

namespace Ledger.Bench.Service;

/// <summary>What <c>ledger rebuild --all</c> does, told in figures: its memory is then its own and nobody else's.</summary>
internal static class RebuildProcess
{
    public static async Task<int> RunAsync()
    {
        await using var dataSource = LedgerDataSource.Create(Environment.GetEnvironmentVariable("ConnectionStrings__Ledger")!, "rebuild");
        using var self = Process.GetCurrentProcess();
        // As the tool does: whoever serves goes first.
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
        var started = Stopwatch.GetTimestamp();
        var report = await new ReadModelRebuild(dataSource, DatabaseProcessor.OfSession).RunAsync(replace: true);
        var elapsed = Stopwatch.GetElapsedTime(started);
        self.Refresh();
        if (!report.IsEqual) await Console.Error.WriteLineAsync(string.Join('\n', report.ReadModels.SelectMany(model => model.Examples)));
        Console.WriteLine(new JsonObject
        {
            ["events"] = report.Events, ["seconds"] = elapsed.TotalSeconds, ["resident_bytes"] = self.PeakWorkingSet64, ["cpu_seconds"] = self.TotalProcessorTime.TotalSeconds, ["equal"] = report.IsEqual,
            ["phases"] = new JsonArray([.. report.Phases.Select(phase => new JsonObject
            {
                ["name"] = phase.Name, ["rows"] = phase.Rows, ["seconds"] = phase.Elapsed.TotalSeconds, ["cpu_seconds"] = phase.Processor.TotalSeconds, ["database_cpu_seconds"] = phase.Database?.TotalSeconds,
            })]),
        }.ToJsonString());
        return report.IsEqual ? 0 : 1;
    }
}
