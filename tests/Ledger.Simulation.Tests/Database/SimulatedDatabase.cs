using Ledger.Api.Idempotency;
using Ledger.Domain.Integrations;
using Ledger.Domain.Jobs;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Simulation.Tests.Database;

/// <summary>
/// What PostgreSQL promises the ledger, and nothing more: transactions that lock their streams, draw their sequence numbers,
/// and commit later, in any order; readers see what is committed; a crash ends whatever is not.
/// </summary>
internal sealed class SimulatedDatabase(World world, Mutant mutant)
{
    private readonly Dictionary<string, List<Rows>> _rows = [];
    private readonly Dictionary<KeyName, KeptAnswer> _keys = [];
    private readonly HashSet<string> _locked = [];
    private readonly List<Append> _open = [];
    private readonly List<Append> _waiting = [];
    private long _sequence;
    private long _numbers = Domain.Records.RecordIdentity.FirstDrawnNumber;

    /// <summary>Committed, in the order of commit.</summary>
    public List<StoredEvent> Events { get; } = [];

    /// <summary>What no database would let happen, found while folding its events.</summary>
    public List<string> Corrupt { get; } = [];

    public int Incarnation { get; private set; }

    public long Commits { get; private set; }

    public Mutant Mutant => mutant;

    public Rows Read(string tenantId)
    {
        if (mutant == Mutant.NoTenantPredicate && world.Chance(50) && _rows.Count > 1) tenantId = _rows.Keys.First(other => other != tenantId);
        if (!_rows.TryGetValue(tenantId, out var rows)) return Rows.Empty;
        return mutant == Mutant.StaleRead && world.Chance(300) ? rows[Math.Max(0, rows.Count - 1 - world.Next(6))] : rows[^1];
    }

    public KeptAnswer? Find(KeyName key) => _keys.GetValueOrDefault(key);

    /// <summary>Numbers drawn for a write that then fails are not used again.</summary>
    public long DrawNumbers(int count) => (_numbers += count) - count;

    /// <summary>Begins a transaction; it waits until it has all its locks.</summary>
    public void Begin(Append append)
    {
        if (append.Locks.Any(_locked.Contains)) _waiting.Add(append);
        else Continue(append);
    }

    /// <summary>Everything that is not committed is gone, and whoever waits for an answer learns only that the connection broke.</summary>
    public void Crash()
    {
        Incarnation++;
        var ended = _open.Concat(_waiting).ToList();
        _open.Clear();
        _waiting.Clear();
        _locked.Clear();
        foreach (var append in ended) append.Fail(new NpgsqlException("The connection is broken."));
    }

    private void Continue(Append append)
    {
        if (append.Key is { } key && _keys.ContainsKey(key)) append.Fail(UniqueViolation());
        else if (Conflicts(append) is { Count: > 0 } conflicts) append.Succeed(new AppendResult.Conflict(conflicts));
        else if (BreaksUniqueIndex(append)) append.Fail(UniqueViolation());
        else Write(append);
    }

    private void Write(Append append)
    {
        _locked.UnionWith(append.Locks);
        _open.Add(append);
        var versions = Latest(append.TenantId).Versions;
        var latest = Events.LastOrDefault(stored => stored.TenantId == append.TenantId && append.Streams.Any(stream => stream.StreamId == stored.StreamId))?.RecordedAt ?? default;
        var now = append.RecordedAt ?? world.Now;
        var at = now > latest ? now : latest;
        foreach (var part in append.Parts)
        {
            var streams = mutant == Mutant.PartialWrite && part.Streams.Count > 1 && world.Chance(100) ? part.Streams.Take(1) : part.Streams;
            foreach (var stream in streams)
            {
                var version = versions.GetValueOrDefault(stream.StreamId);
                foreach (var @event in stream.Events) append.Events.Add(new(++_sequence, append.TenantId, stream.StreamId, ++version, @event, at, part.Metadata.CorrelationId));
            }
        }
        var appended = new AppendResult.Appended(at);
        if (mutant == Mutant.AnswerBeforeCommit) append.Succeed(appended);
        world.Post(() => Commit(append, appended));
    }

    private void Commit(Append append, AppendResult appended)
    {
        if (!_open.Remove(append)) return;   // ended by a crash
        if (!(mutant == Mutant.LostWrite && world.Chance(20))) Apply(append.TenantId, append.Events);
        if (mutant == Mutant.DoubleWrite && world.Chance(20)) Apply(append.TenantId, Again(append.Events));
        if (append is { Key: { } key, Answer: { } answer } && mutant != Mutant.KeyForgotten)
        {
            var incarnation = Incarnation;
            if (mutant != Mutant.KeyOutsideTransaction) _keys[key] = answer;
            else world.Post(() => { if (incarnation == Incarnation) _keys[key] = answer; });
        }
        _locked.ExceptWith(append.Locks);
        // Nobody promises that the one who has waited longest is served first.
        var woken = _waiting.OrderBy(_ => world.Next(int.MaxValue)).ToList();
        _waiting.Clear();
        foreach (var other in woken) Begin(other);
        if (mutant != Mutant.AnswerBeforeCommit) append.Succeed(appended);
    }

    private List<StoredEvent> Again(List<StoredEvent> events) =>
        [.. events.Select(stored => stored with { SequenceId = ++_sequence, Version = stored.Version + events.Count(other => other.StreamId == stored.StreamId), Event = stored.Event with { Id = Guid.CreateVersion7() } })];

    private void Apply(string tenantId, List<StoredEvent> events)
    {
        Commits++;
        var rows = Latest(tenantId);
        foreach (var stored in events)
        {
            stored.CommitNumber = Commits;
            Events.Add(stored);
            try
            {
                rows = rows.With(stored);
            }
            catch (InvalidOperationException error)
            {
                Corrupt.Add(error.Message);
            }
        }
        if (!_rows.TryGetValue(tenantId, out var history)) _rows.Add(tenantId, history = [Rows.Empty]);
        history.Add(rows);
    }

    private Rows Latest(string tenantId) => _rows.TryGetValue(tenantId, out var rows) ? rows[^1] : Rows.Empty;

    private List<VersionConflict> Conflicts(Append append)
    {
        var versions = Latest(append.TenantId).Versions;
        return
        [
            .. from stream in append.Streams
               where mutant != Mutant.NoVersionCheck && (mutant != Mutant.NoGuard || stream.Events.Count > 0)
               let actual = versions.GetValueOrDefault(stream.StreamId)
               where actual != stream.ExpectedVersion
               select new VersionConflict(stream.StreamId, stream.ExpectedVersion, actual),
        ];
    }

    // One unfinished export job and one active integration per tenant. That no two records share a number or a UUID is left to
    // PostgreSQL: the records of the simulation never meet in one.
    private bool BreaksUniqueIndex(Append append)
    {
        if (mutant == Mutant.NoUniqueIndex) return false;
        var rows = Latest(append.TenantId);
        return append.Streams.Any(stream => stream.Events.Any(@event => Domain.EventTypes.Deserialize(@event.Type, @event.Data) switch
        {
            JobEvent.JobCreated { Origin: JobOrigin.ExportJobs } => rows.Jobs.Values.Any(job => job is { IsFinished: false, Origin: JobOrigin.ExportJobs }),
            IntegrationEvent.IntegrationConnected or IntegrationEvent.IntegrationReactivated => rows.Integrations.Values.Any(integration => integration.Active),
            _ => false,
        }));
    }

    private static PostgresException UniqueViolation() => new("duplicate key value violates unique constraint", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation);
}
