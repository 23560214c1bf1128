using System.Globalization;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native.Records;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Items;

namespace Ledger.Api.Native.Systems;

/// <summary>What became of records in a system: up to 5,000 results in one transaction, each answered by itself.</summary>
internal static class PostResults
{
    public const int MaxPerCall = 5_000;

    private enum Outcome { Exported, Failed }

    private static readonly JsonWords<Outcome> Outcomes = new(("exported", Outcome.Exported), ("failed", Outcome.Failed));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/systems/{system_id}/results", HandleAsync).RequireScope("exports:write")
        .WithSummary("Report export results")
        .WithDescription("""
            1 to 5,000 results, answered one by one in the order sent; one that is rejected does not stop the others. Whoever opened an attempt of the record (a job, an accounting export), the result ends it.
            A result sent again changes nothing and is answered `unchanged`. `exported_at` is data: since when a record counts as exported is the time the ledger recorded the report.
            """)
        .WithPathParameter("system_id", "The target system; a new one becomes known by the call.", "erp")
        .WithRequestExample(SystemExamples.ResultsBody)
        .WithResponseExample(200, "One result per record, and how many there are of each.", SystemExamples.ResultsAnswer).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(HttpContext context, ReportResults report, CancellationToken cancellationToken)
    {
        if (NativePath.SystemId(context) is not { } system) return new FaultResult(NativePath.UnknownSystem);
        using var body = await JsonBody.ReadAsync(context, JsonLimits.NativeRecords);
        if (body.Fault is { } fault) return new FaultResult(fault);
        var faults = new JsonFaults();
        var elements = JsonMembers.Of(body.Root, faults).RequiredArray("results", 1, MaxPerCall);
        if (faults.ToFault() is { } wrong) return new FaultResult(wrong);
        var reports = new List<(RecordId, ItemCommand)>();
        var rejected = new Dictionary<int, ItemResult>();
        var index = 0;
        foreach (var element in elements)
        {
            var own = new JsonFaults();
            var result = Read(JsonMembers.Of(element, own));
            if (own.Any) rejected.Add(index, ItemResult.Rejected(RecordIdOf(element), ItemProblem.Of(own, string.Create(CultureInfo.InvariantCulture, $"/results/{index}"))));
            else reports.Add(result);
            index++;
        }
        return NativeJson.Ok(ItemResults.Of(await ApplyAsync(context, report, system, reports, rejected, cancellationToken)));
    }

    /// <summary>Applies the commands and puts their outcomes between the results that are rejected already, by place.</summary>
    internal static async Task<List<ItemResult>> ApplyAsync(
        HttpContext context, ReportResults report, SystemId system, List<(RecordId Record, ItemCommand Command)> commands, Dictionary<int, ItemResult> rejected, CancellationToken cancellationToken)
    {
        IReadOnlyList<ItemOutcome> outcomes = commands.Count == 0 ? [] : (await report.EachAsync(CommandContext.Of(context, "native"), system, commands, cancellationToken)).Outcomes;
        var next = 0;
        return [.. Enumerable.Range(0, commands.Count + rejected.Count)
            .Select(index => rejected.TryGetValue(index, out var result) ? result : ItemResult.Of(commands[next].Record, outcomes[next++]))];
    }

    private static (RecordId, ItemCommand) Read(JsonMembers result)
    {
        var record = new RecordId(result.RequiredString("record_id", 1, RecordId.MaxLength) ?? "");
        var outcome = result.RequiredEnum("outcome", Outcomes);
        var reference = new ExportReference(
            result.OptionalString("external_id", 255), result.OptionalString("external_url", 2_048), result.OptionalDateTime("exported_at"), result.OptionalString("note", 10_000));
        var failure = result.OptionalObject("failure");
        var (type, reason) = (failure.OptionalString("type", 255), failure.OptionalString("reason", 10_000));
        if (outcome is Outcome.Exported && failure.IsPresent) result.Fault("failure", "Must be absent when the record was exported.");
        if (outcome is Outcome.Failed)
        {
            foreach (var member in (string[])["external_id", "external_url", "exported_at", "note"])
            {
                if (result.Value(member) is not null) result.Fault(member, "Must be absent when the export failed.");
            }
        }
        return (record, outcome is Outcome.Failed ? new ItemCommand.ReportFailed(type, reason) : new ItemCommand.ReportExported(reference));
    }

    private static string? RecordIdOf(JsonElement element) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty("record_id", out var id) && id.ValueKind is JsonValueKind.String ? id.GetString() : null;
}
