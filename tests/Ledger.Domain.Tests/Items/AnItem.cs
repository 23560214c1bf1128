using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemCommand;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>The words in which tests speak of an item.</summary>
internal static class AnItem
{
    public static readonly Rules<ItemCommand, ItemState, ItemEvent> Rules = new(ItemState.Untouched, ItemDecider.Decide, ItemEvolution.Evolve);

    public static readonly JobId ThisJob = new(Guid.Parse("8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70"));
    public static readonly JobId OtherJob = new(Guid.Parse("0b9a31f4-2c77-4f0a-8e55-61d0a7c3be12"));
    public static readonly AttemptId ThisAttempt = new(0x0123_4567_89AB_CDEF);
    public static readonly AttemptId OtherAttempt = new(unchecked((long)0xFEDC_BA98_7654_3210));

    public static readonly ExportReference Entry1 = new("JE-1", "https://erp.example.com/journal/JE-1", Clock.At(0), null);
    public static readonly ExportReference Entry2 = new("JE-2", "https://erp.example.com/journal/JE-2", Clock.At(0), null);
    public const string Invalid = "validation_failure";
    public const string AccountClosed = "Account 6110 is closed for June";
    public const string NoVendor = "vendor_unknown";
    public const string VendorBlocked = "Vendor 4711 is blocked";

    public static Situation<ItemCommand, ItemState, ItemEvent> Given(params ItemEvent[] past) => Rules.Given(past);

    public static ExportRequested RequestedInThisJob { get; } = new(ThisAttempt, ThisJob, 7, "export_jobs");
    public static ExportRequested RequestedInOtherJob { get; } = new(OtherAttempt, OtherJob, 0, "export_jobs");
    public static ExportRequested RequestedAlone { get; } = new(ThisAttempt, null, 0, "accounting_exports");
    public static ExportProgressed TakenUp { get; } = new(ThisAttempt, AttemptStatus.InProgress);
    public static ItemExported Succeeded { get; } = Exported(ThisAttempt, Entry1);
    public static ItemFailed Failed { get; } = new(ThisAttempt, Invalid, AccountClosed);
    public static ExportAbandoned Abandoned { get; } = new(ThisAttempt);
    public static ExportCancelled Cancelled { get; } = new(ThisAttempt);
    public static RecordMarkedExported Marked { get; } = new(null, "entered by hand");
    public static ItemExported ReportedExported { get; } = Exported(null, Entry1);
    public static ItemFailed ReportedFailed { get; } = new(null, Invalid, AccountClosed);
    public static ExportReopened Reopened { get; } = new("the ERP was restored to Monday");

    public static ItemExported Exported(AttemptId? attempt, ExportReference reference) =>
        new(attempt, reference.ExternalId, reference.ExternalUrl, reference.ReportedAt, reference.Note);

    public static RequestExport Request(bool ready = true, bool again = false) => new(ThisAttempt, ThisJob, 7, "export_jobs", ready, again);

    public static UpdateAttempt Update(AttemptStatus status) => new(ThisJob, status, ExportReference.None, null, null);
    public static UpdateAttempt UpdateSuccessful(ExportReference reference) => new(ThisJob, AttemptStatus.Successful, reference, null, null);
    public static UpdateAttempt UpdateFailed(string? type, string? reason) => new(ThisJob, AttemptStatus.Failed, ExportReference.None, type, reason);

    public static FinishAttempt FinishWell(ExportReference reference) => new(ThisAttempt, true, reference, null);
    public static FinishAttempt FinishBadly(string reason) => new(ThisAttempt, false, ExportReference.None, reason);
}
