using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Records;

namespace Ledger.Api.Native.Records;

/// <summary>Moves a record between its stages, or withdraws it. Its history stays either way.</summary>
internal static class ChangeRecords
{
    private sealed record StageBody(string Id, Stage Stage);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/records/{id}/stage", StageAsync).RequireScope("records:write")
            .WithSummary("Change the stage of a record").WithDescription("Only records in stage `ready` are offered for export. Asking for the stage it has changes nothing.")
            .WithPathParameter("id", "The platform's id, percent-encoded.", "INV-2026-0042")
            .WithRequestExample("""{"stage":"review"}""")
            .WithResponseExample(200, "The stage it has now.", """{"id":"INV-2026-0042","stage":"review"}""").WithErrors(400, 404, 409);
        routes.MapDelete("/records/{id}", WithdrawAsync).RequireScope("records:write")
            .WithSummary("Withdraw a record").WithDescription("It is offered to no system any more; nothing of its history is removed. Registering it again brings it back.")
            .WithPathParameter("id", "The platform's id, percent-encoded.", "INV-2026-0042")
            .WithResponseExample(204, "It is withdrawn, now or already.").WithErrors(404);
    }

    private static async Task<IResult> StageAsync(HttpContext context, ChangeRecord change, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } fault) return new FaultResult(fault);
        var faults = new JsonFaults();
        var stage = JsonMembers.Of(body.Root, faults).RequiredEnum("stage", RecordInput.StageWords);
        if (faults.ToFault() is { } wrong) return new FaultResult(wrong);
        var id = NativePath.RecordId(context);
        if (await change.HandleAsync(CommandContext.Of(context, "native"), id, new RecordCommand.ChangeStage(stage!.Value), cancellationToken) is { } refusal) return Refused(refusal);
        return NativeJson.Ok(new StageBody(id.Value, stage.Value));
    }

    private static async Task<IResult> WithdrawAsync(HttpContext context, ChangeRecord change, CancellationToken cancellationToken) =>
        await change.HandleAsync(CommandContext.Of(context, "native"), NativePath.RecordId(context), new RecordCommand.Withdraw(), cancellationToken) is { } refusal
            ? Refused(refusal)
            : Results.NoContent();

    private static FaultResult Refused(Refusal refusal) => new(refusal switch
    {
        Refusal.RecordUnknown => GetRecords.Unknown,
        Refusal.RecordWithdrawn => Fault.Conflict("record_withdrawn", "The record is withdrawn; register it again first."),
        _ => throw new InvalidOperationException($"A record is never refused for {refusal}."),
    });
}
