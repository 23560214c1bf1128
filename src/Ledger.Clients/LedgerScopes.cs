namespace Ledger.Clients;

/// <summary>What a credential may do. None includes another: an operator's client is given what it needs.</summary>
[Flags]
public enum LedgerScopes
{
    None = 0,

    /// <summary>Register, revise, stage and withdraw records.</summary>
    RecordsWrite = 1,

    /// <summary>See what is to be exported, and jobs.</summary>
    ExportsRead = 2,

    /// <summary>Report results, work on jobs, re-open.</summary>
    ExportsWrite = 4,

    /// <summary>Timelines, past states, the event feed, proofs.</summary>
    AuditRead = 8,

    /// <summary>Operate the ledger of the tenant.</summary>
    Admin = 16,

    All = RecordsWrite | ExportsRead | ExportsWrite | AuditRead | Admin,
}
