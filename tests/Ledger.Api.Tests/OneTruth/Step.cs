namespace Ledger.Api.Tests.OneTruth;

/// <summary>One call through one of the APIs. Printed as it stands here when a history fails.</summary>
public abstract record Step
{
    /// <summary>accounting entries: mark as exported.</summary>
    public sealed record Mark(int Record) : Step;

    /// <summary>accounting records: report a result.</summary>
    public sealed record ReportRecord(int Record, bool Success) : Step;

    /// <summary>native: report a result.</summary>
    public sealed record ReportNative(int Record, bool Success) : Step;

    /// <summary>native: re-open.</summary>
    public sealed record Reopen(int Record) : Step;

    /// <summary>native: change the stage.</summary>
    public sealed record Stage(int Record, bool Ready) : Step;

    /// <summary>accounting exports: export one expense.</summary>
    public sealed record Export(int Record, bool Again) : Step;

    /// <summary>accounting exports: the target system's callback on the export made last but <paramref name="Nth"/>.</summary>
    public sealed record Callback(int Nth, bool Success) : Step;

    /// <summary>accounting exports: cancel the export made last but <paramref name="Nth"/>.</summary>
    public sealed record Cancel(int Nth) : Step;

    /// <summary>export jobs: make a job of two records.</summary>
    public sealed record CreateJob(int First, int Second) : Step;

    /// <summary>export jobs: update one item of the job made last.</summary>
    public sealed record UpdateItem(int Record, bool Success) : Step;

    /// <summary>export jobs: an event of the job made last.</summary>
    public sealed record JobEvent(string Event) : Step;

    /// <summary>The previous call once more, as a client whose connection broke would send it.</summary>
    public sealed record Retry : Step;

    private Step() { }
}
