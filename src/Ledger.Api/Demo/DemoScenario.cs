namespace Ledger.Api.Demo;

/// <summary>A sort of document, and how often it comes in about two thousand.</summary>
/// <param name="ExportType">What the export-jobs API calls it.</param>
/// <param name="RecordType">What the accounting-records API calls it.</param>
/// <param name="Reversed">Money flows back: the amount is negative and the sides of the lines are swapped.</param>
internal sealed record DemoScenario(
    int Count, string Kind, string SourceType, string ExportType, string RecordType, DemoParty Party, bool Reversed = false, string? ExportSubType = null)
{
    public bool IsSale => Party == DemoParty.Customer;

    public static readonly IReadOnlyList<DemoScenario> All =
    [
        new(640, "expense", "card", "card_purchase", "CARD_EXPENSE_POST", DemoParty.Merchant),
        new(40, "expense", "card", "refund", "CARD_EXPENSE_REFUND", DemoParty.Merchant, Reversed: true),
        new(6, "expense", "card", "chargeback", "CARD_EXPENSE_REFUND", DemoParty.Merchant, Reversed: true),
        new(14, "expense", "card", "personal_spend", "CARD_EXPENSE_REPAYMENT", DemoParty.Merchant),
        new(10, "expense", "card", "atm_withdrawal", "CARD_EXPENSE_POST", DemoParty.Person),
        new(12, "accounting_record", "card", "cashback", "REWARD_REDEMPTION", DemoParty.None, Reversed: true),
        new(170, "expense", "reimbursement", "out_of_pocket", "REIMBURSEMENT_EXPENSE_APPROVAL", DemoParty.Merchant),
        new(90, "expense", "reimbursement", "mileage", "REIMBURSEMENT_EXPENSE_APPROVAL", DemoParty.Person),
        new(60, "expense", "reimbursement", "per_diem", "REIMBURSEMENT_EXPENSE_APPROVAL", DemoParty.Person),
        new(20, "expense", "reimbursement", "external_reimbursement", "REIMBURSEMENT_EXPENSE_POST", DemoParty.Merchant),
        new(40, "accounting_record", "reimbursement", "direct_reimbursement", "REIMBURSEMENT_EXPENSE_MONEY_MOVEMENT_PAYOUT", DemoParty.Person, ExportSubType: "reimbursement_to_employee"),
        new(240, "accounting_record", "bill", "invoice", "BILL_EXPENSE", DemoParty.Vendor),
        new(40, "accounting_record", "bill", "card_invoice", "BILL_EXPENSE_CARD_PAYMENT", DemoParty.Vendor),
        new(118, "accounting_record", "bill", "invoice_payment", "BILL_EXPENSE_PAYMENT", DemoParty.Vendor, ExportSubType: "invoice_payment_sent"),
        new(350, "accounting_entry", "invoice", "invoice", "INVOICE", DemoParty.Customer),
        new(80, "accounting_entry", "invoice", "invoice_payment", "INVOICE_PAYMENT", DemoParty.Customer, ExportSubType: "invoice_payment_returned"),
        new(30, "accounting_entry", "other", "wallet_topup", "CARD_PAYMENT", DemoParty.None),
        new(8, "accounting_entry", "other", "wallet_unload", "CARD_PAYMENT_REFUND", DemoParty.None, Reversed: true),
        new(32, "accounting_entry", "other", "fee", "CARD_PAYMENT", DemoParty.None),
    ];
}

/// <summary>Whom a document is about.</summary>
internal enum DemoParty
{
    None,
    Person,
    Merchant,
    Vendor,
    Customer,
}
