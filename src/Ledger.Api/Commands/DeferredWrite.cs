using Ledger.EventStore;
using Ledger.Projections.Writing;
using Npgsql;

namespace Ledger.Api.Commands;

/// <summary>The write of a request with an idempotency key: it is decided and answered first, and committed together with the answer.</summary>
/// <param name="recordedAt">PostgreSQL's time, read before the decision: the answer may have to show it.</param>
public sealed class DeferredWrite(DateTimeOffset recordedAt) : IDisposable
{
    private readonly List<Func<Task>> _afterwards = [];
    private IDisposable? _room;

    /// <summary>Null when the request decided that there is nothing to write.</summary>
    public (LedgerWrite Write, EventMetadata Metadata)? Taken { get; private set; }

    /// <summary>Statements to be committed with the answer, of a request that writes configuration and no events.</summary>
    public IReadOnlyList<NpgsqlBatchCommand>? Statements { get; private set; }

    public DateTimeOffset RecordedAt => recordedAt;

    /// <returns>The recorded time to answer with.</returns>
    /// <exception cref="InvalidOperationException">A request with a key is one transaction: it writes once.</exception>
    public DateTimeOffset Take(LedgerWrite write, EventMetadata metadata)
    {
        WritesOnce();
        Taken = (write, metadata);
        return recordedAt;
    }

    /// <summary>As <see cref="Take(LedgerWrite, EventMetadata)"/>, for statements.</summary>
    public void Take(IReadOnlyList<NpgsqlBatchCommand> statements)
    {
        WritesOnce();
        Statements = statements;
    }

    /// <summary>Whether the request has room for a large write.</summary>
    public bool HoldsRoom => _room is not null;

    /// <summary>Keeps the room of a large write until this is disposed of: when it is committed, or will not be.</summary>
    public void Hold(IDisposable room) => _room = room;

    public void Then(Func<Task> work) => _afterwards.Add(work);

    /// <summary>Runs what was to follow the commit.</summary>
    public async Task FollowAsync()
    {
        foreach (var work in _afterwards) await work();
    }

    public void Dispose()
    {
        _room?.Dispose();
        _room = null;
    }

    private void WritesOnce()
    {
        if (Taken is not null || Statements is not null) throw new InvalidOperationException("A request with an idempotency key writes once.");
    }
}
