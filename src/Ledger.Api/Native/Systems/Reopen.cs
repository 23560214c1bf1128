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

/// <summary>States that records must be exported again: after the target system lost them, or someone posted them wrongly.</summary>
internal static class Reopen
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/systems/{system_id}/reopen", HandleAsync).RequireScope("exports:write")
        .WithSummary("Re-open exports")
        .WithDescription("1 to 5,000 records, answered one by one. They are offered to the system again; when and why is on their timelines. A record that is offered already is rejected as `nothing_to_reopen`.")
        .WithPathParameter("system_id", "The target system.", "erp")
        .WithRequestExample("""{"record_ids":["INV-2026-0042","INV-2026-0043"],"reason":"ERP restored to Monday 06:00"}""")
        .WithResponseExample(200, "One result per record, and how many there are of each.", SystemExamples.ResultsAnswer).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(HttpContext context, ReportResults report, CancellationToken cancellationToken)
    {
        if (NativePath.SystemId(context) is not { } system) return new FaultResult(NativePath.UnknownSystem);
        using var body = await JsonBody.ReadAsync(context, JsonLimits.NativeRecords);
        if (body.Fault is { } fault) return new FaultResult(fault);
        var faults = new JsonFaults();
        var members = JsonMembers.Of(body.Root, faults);
        var elements = members.RequiredArray("record_ids", 1, PostResults.MaxPerCall);
        var reason = members.RequiredString("reason", 1, 10_000);
        if (faults.ToFault() is { } wrong) return new FaultResult(wrong);
        var commands = new List<(RecordId, ItemCommand)>();
        var rejected = new Dictionary<int, ItemResult>();
        var index = 0;
        foreach (var element in elements)
        {
            if (element.ValueKind is JsonValueKind.String && element.GetString() is { Length: > 0 and <= RecordId.MaxLength } id) commands.Add((new RecordId(id), new ItemCommand.Reopen(reason)));
            else rejected.Add(index, ItemResult.Rejected(null, NoId(index)));
            index++;
        }
        return NativeJson.Ok(ItemResults.Of(await PostResults.ApplyAsync(context, report, system, commands, rejected, cancellationToken)));
    }

    private static ItemProblem NoId(int index)
    {
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/record_ids/{index}");
        return new("invalid_record", $"{pointer}: Must be a string of 1 to 128 characters.", [new FaultDetail(pointer, "Must be a string of 1 to 128 characters.")]);
    }
}
