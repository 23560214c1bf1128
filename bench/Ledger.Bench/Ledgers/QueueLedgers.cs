using System.Diagnostics;
using Ledger.Bench.Load;
using Ledger.Bench.Service;

namespace Ledger.Bench.Ledgers;

/// <summary>A ledger of one size with a service in front of it.</summary>
internal sealed record QueueLedger(long Records, BenchDatabase Database, ServiceProcess Service, HttpConnection Connection) : IAsyncDisposable
{
    public string Name => Bench.Text($"{Records:N0} records");

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Service.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>Ledgers of every size of the plan, filled once and shared by the questions to the queue; all of them are there at once, so that sizes can be asked in turn.</summary>
internal sealed class QueueLedgers : IAsyncDisposable
{
    /// <summary>Systems by the share of the records that is pending in them.</summary>
    public static readonly IReadOnlyList<(string System, double PendingShare)> Systems = [("rare", 0.0001), ("few", 0.01), ("all", 1)];

    private List<QueueLedger>? _ledgers;

    public async Task<IReadOnlyList<QueueLedger>> OpenAsync(Bench bench)
    {
        if (_ledgers is not null) return _ledgers;
        _ledgers = [];
        foreach (var records in bench.Plan.Ledgers)
        {
            var started = Stopwatch.GetTimestamp();
            var database = await Bench.NewDatabaseAsync();
            await GeneratedLedger.FillAsync(database.DataSource, BenchDatabase.TenantId, records, Systems);
            var service = await bench.StartServiceAsync(database);
            _ledgers.Add(new(records, database, service, await HttpConnection.OpenAsync(service.Port, BenchDatabase.ApiKey)));
            Console.WriteLine(Bench.Text($"  filled a ledger of {records:N0} records in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        }
        return _ledgers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ledger in _ledgers ?? []) await ledger.DisposeAsync();
    }
}
