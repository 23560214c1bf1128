namespace Ledger.Faults.History;

internal enum Outcome
{
    /// <summary>Acknowledged: it must be there.</summary>
    Ok,

    /// <summary>Refused: it must not be there.</summary>
    Fail,

    /// <summary>No answer, or one that says that the service does not know: either is allowed, whole.</summary>
    Unknown,
}

/// <summary>One request that was sent, with what its answer says it wrote.</summary>
/// <param name="Correlation">On every event it wrote; each retry has its own.</param>
/// <param name="Request">Shared by its retries, which carry one idempotency key.</param>
/// <param name="Least">Events an acknowledged request must have written.</param>
/// <param name="Most">Events it may have written.</param>
/// <param name="Whole">Everything or nothing: also when nobody knows the outcome, it has written 0 or <paramref name="Most"/>.</param>
internal sealed record Operation(string Correlation, string Request, string Kind, Outcome Outcome, int Status, int Least, int Most, bool Whole, string? Body);

/// <summary>What the service said of an item while others changed it.</summary>
/// <param name="Position">Everything up to here was in the answer.</param>
internal sealed record Look(string System, string Record, long Version, string Status, long Position);

/// <summary>What the clients of one tenant saw.</summary>
internal sealed class HistoryLog
{
    private readonly List<Operation> _operations = [];
    private readonly List<Look> _looks = [];
    private readonly HashSet<string> _written = [];
    private long _acknowledged;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public void Add(Operation operation)
    {
        lock (_operations)
        {
            _operations.Add(operation);
            if (operation is { Outcome: Outcome.Ok, Least: > 0 }) _written.Add(operation.Request);
        }
        if (operation.Outcome == Outcome.Ok) Interlocked.Increment(ref _acknowledged);
    }

    public void Add(Look look)
    {
        lock (_looks) _looks.Add(look);
    }

    /// <summary>Whether an answer said that the request has written something.</summary>
    public bool HasWritten(string request)
    {
        lock (_operations) return _written.Contains(request);
    }

    public List<Operation> Operations()
    {
        lock (_operations) return [.. _operations];
    }

    public List<Look> Looks()
    {
        lock (_looks) return [.. _looks];
    }
}
