using Ledger.Api.Errors;
using Ledger.Domain;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingExports;

/// <summary>The one table from refusals to this contract's codes.</summary>
internal static class ExportRefusals
{
    public static string CodeOf(Refusal refusal) => refusal switch
    {
        Refusal.RecordUnknown => "expense_not_found",
        Refusal.RecordNotReady => "expense_not_approved",
        Refusal.AttemptOpen => "export_in_progress",
        Refusal.AlreadyExported => "already_exported",
        Refusal.AttemptFinal => "export_final",
        _ => throw new InvalidOperationException($"{refusal} cannot happen to an accounting export."),
    };

    public static string MessageOf(Refusal refusal) => refusal switch
    {
        Refusal.RecordUnknown => "There is no such expense.",
        Refusal.RecordNotReady => "The expense is not approved for export.",
        Refusal.AttemptOpen => "An export of this expense to this system is in progress.",
        Refusal.AlreadyExported => "The expense is exported to this system already; send \"re_export\": true to export it once more.",
        Refusal.AttemptFinal => "The export has its final result already.",
        _ => throw new InvalidOperationException($"{refusal} cannot happen to an accounting export."),
    };

    /// <summary>The fault of a single export, naming the export in the way.</summary>
    public static async Task<Fault> FaultAsync(Refusal refusal, ItemSnapshot? item, AttemptPages attempts, string tenantId, CancellationToken cancellationToken)
    {
        var kind = refusal is Refusal.RecordUnknown ? FaultKind.NotFound : FaultKind.Conflict;
        return new Fault(kind, CodeOf(refusal), MessageOf(refusal)) { Members = await InTheWayAsync(refusal, item, attempts, tenantId, cancellationToken) };
    }

    /// <summary>Which export is in the way: none when the item was exported without an attempt.</summary>
    public static async Task<Dictionary<string, object?>> InTheWayAsync(Refusal refusal, ItemSnapshot? item, AttemptPages attempts, string tenantId, CancellationToken cancellationToken)
    {
        if (item is null) return [];
        if (refusal is Refusal.AttemptOpen) return new() { ["export_id"] = ExportIds.Of(item.Item.OpenAttempt!.Id) };
        if (refusal is not Refusal.AlreadyExported) return [];
        var last = await attempts.LastSuccessAsync(tenantId, item.System, item.RecordId, cancellationToken);
        return new() { ["export_id"] = last is { } id ? ExportIds.Of(id) : null, ["external_reference"] = item.Item.Reference?.ExternalId };
    }
}
