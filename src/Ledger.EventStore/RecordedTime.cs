namespace Ledger.EventStore;

/// <summary>Stands for the recorded time of an append that has not happened yet.</summary>
public static class RecordedTime
{
    /// <summary>
    /// Read-model rows are computed before PostgreSQL's clock is read. This value travels as <c>infinity</c>, and the
    /// inline writes replace it by <c>ledger.recorded_at()</c>.
    /// </summary>
    public static readonly DateTimeOffset AtCommit = DateTimeOffset.MaxValue;
}
