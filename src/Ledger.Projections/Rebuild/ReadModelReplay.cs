using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Folds events into the tables <c>replay_…</c>: read once and spread over files, then file by file on as many threads as there are
/// processors, while the rows of finished files are copied. Memory holds a file per thread, whatever the number of events.
/// </summary>
internal sealed class ReadModelReplay(NpgsqlConnection tables, IProgress<long>? progress) : IDisposable
{
    private readonly SemaphoreSlim _copying = new(1);

    /// <summary>Every event the connection's transaction sees.</summary>
    /// <returns>How many events were folded.</returns>
    public Task<long> RunAsync(NpgsqlConnection events, long about, CancellationToken cancellationToken) =>
        RunAsync(events, about, """select tenant_id, stream_id, type, "timestamp", data from ledger.mt_events order by seq_id""", cancellationToken);

    /// <summary>The streams named in <c>replay_touched</c>, on the connection of the tables itself.</summary>
    public Task<long> RunTouchedAsync(long about, CancellationToken cancellationToken) => RunAsync(tables, about, """
        select e.tenant_id, e.stream_id, e.type, e."timestamp", e.data from replay_touched t join ledger.mt_events e on e.tenant_id = t.tenant_id and e.stream_id = t.stream_id order by e.seq_id
        """, cancellationToken);

    public void Dispose() => _copying.Dispose();

    private async Task<long> RunAsync(NpgsqlConnection connection, long about, string events, CancellationToken cancellationToken)
    {
        using var spill = new EventSpill(about);
        var count = await spill.ReadAsync(connection, events, progress, cancellationToken);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, spill.Files)).Select(_ => Task.Run(async () =>
        {
            // Large buffers, used again for the next file: left to the collector they would pile up until it looked at them.
            var (rows, fold) = (new ReplayRows(), new StreamFold());
            byte[] bytes = [];
            for (int file; (file = Interlocked.Increment(ref next)) < spill.Files;)
            {
                var length = spill.Length(file);
                if (bytes.Length < length) bytes = GC.AllocateUninitializedArray<byte>(length + (length / 4));
                await spill.FileAsync(file, bytes.AsMemory(0, length), cancellationToken);
                fold.Fold(bytes.AsSpan(0, length), rows);
                await CopyAsync(rows, cancellationToken);
            }
        }, cancellationToken)));
        progress?.Report(count);
        return count;
    }

    private async Task CopyAsync(ReplayRows rows, CancellationToken cancellationToken)
    {
        await _copying.WaitAsync(cancellationToken);
        try
        {
            foreach (var (copy, bytes) in rows.Tables().Where(table => !table.Rows.IsEmpty))
            {
                await using (var target = await tables.BeginRawBinaryCopyAsync(copy, cancellationToken)) await target.WriteAsync(bytes.Complete(), cancellationToken);
                bytes.Reset();
            }
        }
        finally
        {
            _copying.Release();
        }
    }
}
