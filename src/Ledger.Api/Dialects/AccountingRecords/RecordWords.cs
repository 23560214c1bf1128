using System.Collections.Frozen;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>The contract's closed lists, and how the ledger's own words map to them.</summary>
internal static class RecordWords
{
    public const string Card = "CARD";
    public const string Reimbursement = "REIMBURSEMENT";
    public const string Bill = "BILL";
    public const string Debit = "DEBIT";
    public const string Credit = "CREDIT";

    /// <summary>Invoices count as bills. A record of no particular source is shown as a card's: those are what the contract's clients poll by review status.</summary>
    private static readonly FrozenDictionary<string, SourceType[]> Sources = new Dictionary<string, SourceType[]>
    {
        [Card] = [SourceType.Card, SourceType.Other],
        [Reimbursement] = [SourceType.Reimbursement],
        [Bill] = [SourceType.Bill, SourceType.Invoice],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ReviewStatus> Statuses = new Dictionary<string, ReviewStatus>
    {
        ["PREPARE"] = ReviewStatus.Prepare,
        ["REVIEW"] = ReviewStatus.Review,
        ["READY_FOR_EXPORT"] = ReviewStatus.ReadyForExport,
        ["EXPORTED"] = ReviewStatus.Exported,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> SourceOfType = Each(Card,
            "CARD_EXPENSE_POST CARD_EXPENSE_REFUND CARD_EXPENSE_REPAYMENT CARD_PAYMENT CARD_PAYMENT_REFUND REWARD_REDEMPTION")
        .Concat(Each(Reimbursement,
            "REIMBURSEMENT_EXPENSE_APPROVAL REIMBURSEMENT_EXPENSE_POST REIMBURSEMENT_EXPENSE_REPAYMENT REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_PAYIN "
            + "REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_PAYOUT REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_PAYOUT_REVERSAL REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_REFUND"))
        .Concat(Each(Bill, "BILL_EXPENSE BILL_EXPENSE_PAYMENT BILL_EXPENSE_CARD_PAYMENT BILL_MONEY_MOVEMENT_PAYIN INVOICE INVOICE_PAYMENT"))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> SourceWords => Sources.Keys;

    public static IReadOnlyCollection<string> StatusWords => Statuses.Keys;

    public static bool TrySources(string word, out SourceType[]? sources) => Sources.TryGetValue(word, out sources);

    public static bool TryStatus(string word, out ReviewStatus status) => Statuses.TryGetValue(word, out status);

    public static string Of(ReviewStatus status) => status switch
    {
        ReviewStatus.Prepare => "PREPARE",
        ReviewStatus.Review => "REVIEW",
        ReviewStatus.ReadyForExport => "READY_FOR_EXPORT",
        _ => "EXPORTED",
    };

    public static string Of(SourceType source) => source switch
    {
        SourceType.Reimbursement => Reimbursement,
        SourceType.Bill or SourceType.Invoice => Bill,
        _ => Card,
    };

    /// <summary>The platform's type if it is one of this source, else what such a record plainly is.</summary>
    public static string TypeOf(string? given, SourceType source, long amountMinor) =>
        given is not null && SourceOfType.GetValueOrDefault(given) == Of(source) ? given : source switch
        {
            SourceType.Reimbursement => amountMinor < 0 ? "REIMBURSEMENT_EXPENSE_REPAYMENT" : "REIMBURSEMENT_EXPENSE_APPROVAL",
            SourceType.Bill => "BILL_EXPENSE",
            SourceType.Invoice => "INVOICE",
            _ => amountMinor < 0 ? "CARD_EXPENSE_REFUND" : "CARD_EXPENSE_POST",
        };

    /// <summary>Money comes back: what a purchase debits, such a record credits.</summary>
    public static bool IsRefund(string type) =>
        type.EndsWith("_REFUND", StringComparison.Ordinal) || type.EndsWith("_REPAYMENT", StringComparison.Ordinal) || type.EndsWith("_REVERSAL", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Each(string source, string types) => types.Split(' ').Select(type => KeyValuePair.Create(type, source));
}
