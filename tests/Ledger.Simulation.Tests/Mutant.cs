namespace Ledger.Simulation.Tests;

/// <summary>Faults planted in the simulated database, one at a time, to show that the simulation would find them. There is no way to plant one in the service.</summary>
public enum Mutant
{
    None,

    /// <summary>An append whose streams have moved on is written all the same, after what came in between.</summary>
    NoVersionCheck,

    /// <summary>Streams that are only to be held still are not looked at.</summary>
    NoGuard,

    /// <summary>The unique indexes of the read models are missing.</summary>
    NoUniqueIndex,

    /// <summary>The answer goes out before the commit.</summary>
    AnswerBeforeCommit,

    /// <summary>Now and then a commit is acknowledged and not done.</summary>
    LostWrite,

    /// <summary>Now and then only the first stream of an append is written.</summary>
    PartialWrite,

    /// <summary>The idempotency key is stored by a transaction of its own, after that of the events.</summary>
    KeyOutsideTransaction,

    /// <summary>Idempotency keys are not stored.</summary>
    KeyForgotten,

    /// <summary>A broken connection makes the driver send the append again, as if it had never arrived.</summary>
    DoubleWrite,

    /// <summary>Commands load from a replica that is behind.</summary>
    StaleRead,

    /// <summary>A load forgets to ask for the tenant.</summary>
    NoTenantPredicate,

    /// <summary>Events are sealed in the order of their recorded times.</summary>
    SealedByTime,

    /// <summary>The sealer goes on after the highest number it has seen, and does not look back for transactions that were still open.</summary>
    SealedByHighWater,

    /// <summary>A sealer that was frozen goes on although another one has taken over.</summary>
    NoFencing,
}
