using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Folds events into the tables <c>replay_…</c>: read once and spread over files, then file by file on as many threads as there are
/// processors, while the rows of finished files are copied. Memory holds a file per thread, whatever the number of events. Rows that are also kept, the same in
/// every byte, are compared there and then; the others, and what is kept instead of them, are all that is copied (<c>kept_…</c>).
/// </summary>
internal sealed class ReadModelReplay(NpgsqlConnection tables, RebuildPhases phases, IProgress<long>? progress) : IDisposable
{
    private const string Columns = """e.tenant_id, e.stream_id, e.type, e."timestamp", e.data""";

    private static readonly Dictionary<string, IReadOnlyList<KnownSystem>> NoQueues = [];

    private readonly SemaphoreSlim _copying = new(1);
    private readonly Dictionary<string, long> _kept = [], _copied = [];

    /// <summary>Rows of read models that were read, by name.</summary>
    public IReadOnlyDictionary<string, long> Kept => _kept;

    /// <summary>Rows that went to a table.</summary>
    public long CopiedTo(string table) => _copied.GetValueOrDefault(table);

    /// <summary>Every event and every kept row the connection's transaction sees.</summary>
    /// <returns>How many events were folded.</returns>
    public async Task<long> RunAsync(NpgsqlConnection events, long about, IReadOnlyDictionary<string, IReadOnlyList<KnownSystem>> systems, CancellationToken cancellationToken)
    {
        using var spill = new EventSpill(about);
        var count = await phases.RunAsync("read events", () => spill.ReadAsync(events, $"select {Columns} from ledger.mt_events e order by e.seq_id", progress, cancellationToken));
        // Their tables as they lie on disk: by key each row would be looked up.
        await using (var scans = new NpgsqlCommand("set local enable_seqscan = on; set local max_parallel_workers_per_gather = 0", events)) await scans.ExecuteNonQueryAsync(cancellationToken);
        foreach (var kept in ComparedRows.All) _kept[kept.Name] = await phases.RunAsync($"read {kept.Name}", () => spill.ReadAsync(events, kept, cancellationToken));
        await phases.RunAsync("fold and compare", async () =>
        {
            await FoldAsync(spill, systems, withSums: true, cancellationToken);
            return count;
        });
        progress?.Report(count);
        return count;
    }

    /// <summary>The streams named in <c>replay_touched</c>, on the connection of the tables itself. Not all of a record's items are among them: what is made of all of them is left to others.</summary>
    public async Task RunTouchedAsync(long about, CancellationToken cancellationToken)
    {
        using var spill = new EventSpill(about);
        await spill.ReadAsync(tables, $"select {Columns} from replay_touched t join ledger.mt_events e on e.tenant_id = t.tenant_id and e.stream_id = t.stream_id order by e.seq_id", null, cancellationToken);
        await FoldAsync(spill, NoQueues, withSums: false, cancellationToken);
    }

    public void Dispose() => _copying.Dispose();

    private async Task FoldAsync(EventSpill spill, IReadOnlyDictionary<string, IReadOnlyList<KnownSystem>> systems, bool withSums, CancellationToken cancellationToken)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, spill.Files)).Select(_ => Task.Run(async () =>
        {
            // Large buffers, used again for the next file: left to the collector they would pile up until it looked at them.
            var (rows, sums, fold) = (new ReplayRows(), withSums ? new ReplaySums() : null, new StreamFold(systems));
            byte[] bytes = [];
            for (int file; (file = Interlocked.Increment(ref next)) < spill.Files;)
            {
                var length = spill.Length(file);
                if (bytes.Length < length) bytes = GC.AllocateUninitializedArray<byte>(length + (length / 4));
                await spill.FileAsync(file, bytes.AsMemory(0, length), cancellationToken);
                fold.Fold(bytes, length, rows, sums);
                await CopyAsync(rows.Tables(), cancellationToken);
                if (sums is { AreMany: true }) await CopyAsync(sums.Tables(), cancellationToken);
            }
            if (sums is not null) await CopyAsync(sums.Tables(), cancellationToken);
        }, cancellationToken)));
    }

    private async Task CopyAsync(IEnumerable<(string Table, string Columns, CopyRows Rows)> copies, CancellationToken cancellationToken)
    {
        await _copying.WaitAsync(cancellationToken);
        try
        {
            foreach (var (table, columns, rows) in copies.Where(copy => !copy.Rows.IsEmpty))
            {
                await using (var target = await tables.BeginRawBinaryCopyAsync($"copy {table} ({columns}) from stdin (format binary)", cancellationToken)) await target.WriteAsync(rows.Complete(), cancellationToken);
                _copied[table] = CopiedTo(table) + rows.Count;
                rows.Reset();
            }
        }
        finally
        {
            _copying.Release();
        }
    }
}
