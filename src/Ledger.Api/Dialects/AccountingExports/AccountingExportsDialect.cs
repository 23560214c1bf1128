using Ledger.Api.Errors;
using Ledger.Domain.Items;

namespace Ledger.Api.Dialects.AccountingExports;

/// <summary>Accounting exports API v1: one resource is one attempt to export one record ("expense") to one target system. docs/accounting-exports.md</summary>
internal static class AccountingExportsDialect
{
    public const string Name = "accounting_exports";

    public static void MapAccountingExports(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/accounting-exports").WithErrorShape(AccountingExportsErrors.Shape).WithGroupName("accounting-exports").WithTags("Accounting exports");
        ListExports.Map(group);
        GetExport.Map(group);
        CreateExport.Map(group);
        CreateBatch.Map(group);
        ReportExport.Map(group);
        CancelExport.Map(group);
    }

    /// <summary>The word for an attempt's status. An export of this API is offered to its target system as it is created, so it is processing at once; an item of an export job is pending until its integration takes it up.</summary>
    public static string StatusOf(Attempt attempt) => attempt.Status switch
    {
        AttemptStatus.Pending when attempt.OpenedBy != Name => "pending",
        AttemptStatus.Pending or AttemptStatus.InProgress => "processing",
        AttemptStatus.Successful => "success",
        AttemptStatus.Failed => "failed",
        _ => "cancelled",
    };
}
