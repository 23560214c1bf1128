namespace Ledger.Domain;

/// <summary>What a decider answers. An expected "no" is a value, never an exception.</summary>
public abstract record Decision<TEvent>
{
    public sealed record Append(params IReadOnlyList<TEvent> Events) : Decision<TEvent>;

    /// <summary>What was asked for already holds: a retry is answered like the first call and leaves no second trace.</summary>
    public sealed record NothingToDo : Decision<TEvent>;

    public sealed record Refuse(Refusal Reason) : Decision<TEvent>;

    private Decision() { }
}

/// <summary>Why a command is refused. Each dialect has one table from these to its own error codes.</summary>
public enum Refusal
{
    /// <summary>The record is withdrawn, or its stage is not ready.</summary>
    RecordNotReady,
    /// <summary>The record was never registered.</summary>
    RecordUnknown,
    /// <summary>Another attempt of the same item is still open.</summary>
    AttemptOpen,
    /// <summary>The item is exported, and nobody asked for it to be exported again.</summary>
    AlreadyExported,
    /// <summary>The attempt has its final result already, and it is another one.</summary>
    AttemptFinal,
    /// <summary>The command speaks of an attempt that is not the item's latest.</summary>
    AttemptUnknown,
    JobUnknown,
    JobFinished,
    /// <summary>The event is not allowed in the job's status.</summary>
    JobStatusChange,
    IntegrationUnknown,
    IntegrationNotActive,
    /// <summary>The integration, or another one of the tenant, is active already.</summary>
    IntegrationActive,
    RecordWithdrawn,
    /// <summary>Nothing to open again: the item is neither exported nor failed.</summary>
    NothingToReopen,
}
