using System.Text.Json;
using Ledger.Domain.Records;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>The contract's type of an entry, which decides how a client books it.</summary>
internal static class EntryType
{
    /// <summary>Types whose entries move a balance, so that they need a contra account.</summary>
    private static readonly HashSet<string> MovingABalance = new(StringComparer.Ordinal)
    {
        "card_purchase", "fee", "cashback", "refund", "chargeback", "direct_reimbursement", "invoice_payment", "card_invoice", "atm_withdrawal", "personal_spend", "wallet_topup", "wallet_unload",
    };

    /// <summary>
    /// What the platform says in the record's facet; else what comes nearest to its source. A record of no particular source
    /// counts as <c>card_purchase</c>, the one type every client books plainly: the lines' accounts against the contra account.
    /// </summary>
    public static string Of(string? said, SourceType source, RecordKind kind) => said ?? source switch
    {
        SourceType.Card => "card_purchase",
        SourceType.Reimbursement => "out_of_pocket",
        SourceType.Bill or SourceType.Invoice => "invoice",
        _ => kind is RecordKind.Expense ? "out_of_pocket" : "card_purchase",
    };

    public static bool NeedsContraAccount(string type) => MovingABalance.Contains(type);

    /// <summary>The member of the facet if it is text.</summary>
    public static string? Said(JsonElement? facet) =>
        facet is { } members && members.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String ? type.GetString() : null;
}
