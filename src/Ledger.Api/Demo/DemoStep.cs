using System.Text.Json.Nodes;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Api.Demo;

/// <summary>One thing that happens in the demo company, in the words of the application's own commands.</summary>
/// <param name="Dialect">The API it comes through.</param>
internal abstract record DemoStep(string Dialect)
{
    /// <summary>A job over some records, with what was reported on them, and how far it got.</summary>
    public sealed record Job(string System, JobOrigin Origin, IReadOnlyList<DemoItem> Items, DemoJobEnd End)
        : DemoStep(Origin == JobOrigin.ExportJobs ? "export_jobs" : "accounting_exports");

    /// <summary>Exports of single records, each an attempt of its own.</summary>
    public sealed record SingleExports(string System, IReadOnlyList<DemoItem> Items) : DemoStep("accounting_exports");

    /// <summary>One command per record, without a job.</summary>
    public sealed record Report(string Dialect, string System, IReadOnlyList<(string RecordId, ItemCommand Command)> Commands) : DemoStep(Dialect);

    public sealed record Change(IReadOnlyList<string> RecordIds, RecordCommand Command) : DemoStep("native");

    /// <summary>Records sent again with other content.</summary>
    public sealed record Revise(IReadOnlyList<JsonObject> Records) : DemoStep("native");
}

/// <param name="Outcome">Null: nothing was reported yet.</param>
internal sealed record DemoItem(string RecordId, DemoOutcome? Outcome);

internal abstract record DemoOutcome
{
    public sealed record Exported(ExportReference Reference) : DemoOutcome;

    public sealed record Failed(string Type, string Reason) : DemoOutcome;

    public sealed record Cancelled : DemoOutcome;
}

/// <summary>Where a job is left. Only batches are left unfinished: an unfinished export job would keep every other one out, and expire within the hour.</summary>
internal abstract record DemoJobEnd
{
    public sealed record Pending : DemoJobEnd;

    public sealed record InProgress : DemoJobEnd;

    public sealed record Completed(bool WithErrors) : DemoJobEnd;

    /// <param name="Started">Whether it had been started before.</param>
    public sealed record Failed(bool Started, string Type, string Reason) : DemoJobEnd;
}
