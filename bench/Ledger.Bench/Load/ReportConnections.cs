using Ledger.Bench.Ledgers;
using Ledger.Bench.Service;

namespace Ledger.Bench.Load;

/// <summary>Connections that report on <see cref="ReportedItems"/> over HTTP, each on its own items.</summary>
internal sealed class ReportConnections : IDisposable
{
    private readonly ReportedItems _items;
    private readonly HttpConnection[] _connections;
    private readonly RequestBody[] _bodies;

    private ReportConnections(ReportedItems items, HttpConnection[] connections) =>
        (_items, _connections, _bodies) = (items, connections, [.. connections.Select(_ => new RequestBody())]);

    public static async Task<ReportConnections> OpenAsync(ServiceProcess service, ReportedItems items, int connections)
    {
        var opened = new HttpConnection[connections];
        for (var index = 0; index < connections; index++) opened[index] = await HttpConnection.OpenAsync(service.Port, BenchDatabase.ApiKey);
        return new(items, opened);
    }

    public int Count => _connections.Length;

    /// <summary>One report of a batch through the native API.</summary>
    public async Task<int> NativeAsync(int worker, int batch)
    {
        var numbers = new long[batch];
        _items.NextBatch(worker, Count, numbers);
        var reference = ReportedItems.NextReference();
        var body = _bodies[worker].Clear().Add("{\"results\":["u8);
        for (var index = 0; index < batch; index++)
            body.Add(index == 0 ? "{\"record_id\":\""u8 : ",{\"record_id\":\""u8).Add(numbers[index]).Add("\",\"outcome\":\"exported\",\"external_id\":\"JE-"u8).Add(reference).Add("\"}"u8);
        var answer = await _connections[worker].SendAsync("POST", "/ledger/v1/systems/erp/results", body.Add("]}"u8).Written);
        return answer.Span.IndexOf(batch == 1 ? "\"applied\":1"u8 : "\"applied\":100"u8) >= 0 ? batch : throw new InvalidOperationException("Not every result was applied.");
    }

    /// <summary>Ten marks, as many as that contract takes.</summary>
    public async Task<int> MarkAsync(int worker)
    {
        const int batch = 10;
        var numbers = new long[batch];
        _items.NextBatch(worker, Count, numbers);
        var body = _bodies[worker].Clear().Add("{\"accounting_entries\":["u8);
        for (var index = 0; index < batch; index++)
            body.Add(index == 0 ? "{\"accounting_entry_id\":"u8 : ",{\"accounting_entry_id\":"u8).Add(numbers[index]).Add(",\"system_id\":\"erp\",\"note\":\"batch "u8).Add(ReportedItems.NextReference()).Add("\"}"u8);
        await _connections[worker].SendAsync("POST", "/v10/accounting-entries/mark-as-exported", body.Add("]}"u8).Written);
        return batch;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }
}
