using Ledger.Api.Errors;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>The accounting API of Brex, version 3: connect a vendor, read what was reviewed, report what was exported. docs/accounting-records.md</summary>
internal static class AccountingRecordsDialect
{
    public const string Name = "accounting_records";

    public static void MapAccountingRecords(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v3/accounting").WithErrorShape(AccountingRecordsErrors.Shape).WithGroupName("accounting-records");
        CreateIntegration.Map(group);
        DisconnectIntegration.Map(group);
        ReactivateIntegration.Map(group);
        QueryRecords.Map(group);
        GetRecord.Map(group);
        ReportExportResults.Map(group);
    }
}
