namespace Ledger.Api.Tests.ThePast;

/// <summary>One call, or a turn of the clock. Printed as it stands here when a history fails.</summary>
public abstract record Step
{
    /// <summary>native: register or revise a record.</summary>
    public sealed record Register(int Record, int Variant, bool Ready) : Step;

    public sealed record Stage(int Record, bool Ready) : Step;

    public sealed record Withdraw(int Record) : Step;

    /// <summary>native: report a result in one of the systems.</summary>
    public sealed record Report(int System, int Record, bool Success) : Step;

    public sealed record Reopen(int Record) : Step;

    /// <summary>accounting entries: mark as exported.</summary>
    public sealed record Mark(int Record) : Step;

    /// <summary>accounting exports: open an attempt.</summary>
    public sealed record Export(int Record) : Step;

    /// <summary>export jobs: make a job of two records.</summary>
    public sealed record CreateJob(int First, int Second) : Step;

    /// <summary>export jobs: update an item of the job made last.</summary>
    public sealed record UpdateItem(int Record, bool Success) : Step;

    /// <summary>export jobs: an event of the job made last.</summary>
    public sealed record JobEvent(string Event) : Step;

    /// <summary>Recorded times go on from here, which may be earlier than before.</summary>
    public sealed record Clock(int Seconds) : Step;

    private Step() { }
}
