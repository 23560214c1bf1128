using Ledger.EventStore;

namespace Ledger.Simulation.Tests.Database;

/// <summary>An event of the simulated database.</summary>
/// <param name="SequenceId">Drawn while its transaction runs: not the order of commit.</param>
internal sealed record StoredEvent(long SequenceId, string TenantId, string StreamId, long Version, NewEvent Event, DateTimeOffset RecordedAt, string CorrelationId)
{
    /// <summary>How many transactions were committed before its own; the order in which others could see it.</summary>
    public long CommitNumber { get; set; }

    /// <summary>Null until it is sealed.</summary>
    public long? Position { get; set; }
}
