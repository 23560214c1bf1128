namespace Ledger.Simulation.Tests.Database;

/// <summary>Two sealers, one of which leads at a time: the rule of docs/adr/0004 over the simulated database. A leader may be frozen in the middle of its work and go on after it was replaced.</summary>
internal sealed class Sealers(World world, SimulatedDatabase database)
{
    private const int MostAtOnce = 20;

    private readonly Dictionary<string, long> _heads = [];
    private long _epoch;
    private long _highWater;
    private int _busy;

    /// <summary>Sealed, in the order in which a reader of the feed would have been told.</summary>
    public List<(string TenantId, long Position, Guid EventId)> Told { get; } = [];

    public bool AllSealed => database.Events.TrueForAll(stored => stored.Position is not null);

    public void Wake()
    {
        if (_busy > 1 || (_busy == 1 && !world.Chance(500))) return;
        _busy++;
        world.Post(Look);
    }

    private void Look()
    {
        var epoch = ++_epoch;
        var rows = database.Events.Where(stored => stored.Position is null && (database.Mutant != Mutant.SealedByHighWater || stored.SequenceId > _highWater))
            .OrderBy(stored => database.Mutant == Mutant.SealedByTime ? stored.RecordedAt : default).ThenBy(stored => stored.SequenceId).Take(MostAtOnce).ToList();
        var heads = new Dictionary<string, long>(_heads);
        world.Post(() => Seal(epoch, rows, heads));
    }

    private void Seal(long epoch, List<StoredEvent> rows, Dictionary<string, long> heads)
    {
        _busy--;
        if (epoch != _epoch && database.Mutant != Mutant.NoFencing) return;
        foreach (var stored in rows)
        {
            stored.Position = _heads[stored.TenantId] = heads[stored.TenantId] = heads.GetValueOrDefault(stored.TenantId) + 1;
            _highWater = Math.Max(_highWater, stored.SequenceId);
            Told.Add((stored.TenantId, stored.Position.Value, stored.Event.Id));
        }
    }
}
