using System.Globalization;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>
/// Our sealer with one detail taken from the obvious place: a missing number is dated by the xmax of the snapshot that first
/// missed it, and given up when the snapshot's xmin has reached that. Here only to show what it loses.
/// </summary>
internal sealed class XmaxDatedRule(LedgerDatabase ledger)
{
    private readonly Dictionary<long, ulong> _missing = [];
    private readonly HashSet<long> _givenUp = [];
    private readonly HashSet<long> _delivered = [];

    public bool HasLost(long seqId) => _givenUp.Contains(seqId);

    public async Task PassAsync()
    {
        await using var command = ledger.DataSource.CreateCommand("""
            select array(select seq_id from ledger.mt_events order by seq_id), pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text from pg_current_snapshot() s
            """);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        var visible = reader.GetFieldValue<long[]>(0);
        var (xmin, xmax) = (ulong.Parse(reader.GetString(1), CultureInfo.InvariantCulture), ulong.Parse(reader.GetString(2), CultureInfo.InvariantCulture));

        _delivered.UnionWith(visible.Except(_givenUp));
        for (long seqId = 1; seqId < visible.DefaultIfEmpty().Max(); seqId++)
        {
            if (_delivered.Contains(seqId)) _missing.Remove(seqId);
            else _missing.TryAdd(seqId, xmax);
        }
        foreach (var (seqId, date) in _missing.Where(gap => gap.Value <= xmin).ToList())
        {
            _givenUp.Add(seqId);
            _missing.Remove(seqId);
        }
    }
}
