namespace Ledger.Api.Demo;

/// <summary>Why exports of the demo company fail.</summary>
internal static class DemoFailures
{
    public static readonly DemoOutcome.Failed AccountingSystemUnreachable = new("accounting_system_unreachable", "The accounting system did not answer within 60 s.");

    private static readonly DemoOutcome.Failed[] All =
    [
        new("vendor_unknown", "Vendor 70012 is blocked in the ledger."),
        new("account_unknown", "G/L account 7350 is closed for June."),
        new("tax_code_unknown", "Tax code V9 is not set up."),
        new("tag_unknown", "Project P-17 does not exist."),
        new("receipt_file_size_limit_exceeded", "The attachment is larger than 10 MB."),
        new("missing_configuration", "No journal is chosen for reimbursements."),
        new("accounting_system_validation_failure", "The posting date lies in a locked period."),
        new("accounting_system_rate_limit", "Too many requests to the accounting system."),
        new("unexpected_failure", "The accounting system answered 500."),
    ];

    public static DemoOutcome.Failed Of(int index) => All[index % All.Length];
}
