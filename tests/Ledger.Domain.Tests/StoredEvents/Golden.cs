using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.Items;
using Ledger.Domain.Tests.Jobs;
using Ledger.Domain.Tests.Records;

namespace Ledger.Domain.Tests.StoredEvents;

/// <summary>
/// Events as ledgers in the field hold them. A test that turns red over one of these says that stored history would be read
/// otherwise than it was written: give the new shape a new name instead of changing a line here.
/// </summary>
internal static class Golden
{
    public static readonly IReadOnlyList<(string Name, object Event, string Body)> Bodies =
    [
        ("record_registered", ARecord.Registered(), RecordRegistered),
        ("record_registered", new RecordEvent.RecordRegistered(9_007_199_254_740_993, ARecord.Uuid, Bare, "LlLjtKWR"), BareRecordRegistered),
        ("record_revised", new RecordEvent.RecordRevised(Bare, "LlLjtKWR"), """{"content":{"kind":"expense","sourceType":"other","stage":"prepare","amount":{"value":-9007199254740993,"currency":"JPY"},"lines":[]},"contentHash":"LlLjtKWR"}"""),
        ("record_stage_changed", new RecordEvent.RecordStageChanged(Stage.Review), """{"stage":"review"}"""),
        ("record_withdrawn", new RecordEvent.RecordWithdrawn(), "{}"),
        ("export_requested", AnItem.RequestedInThisJob, """{"attemptId":"0123456789abcdef","jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","ordinal":7,"openedBy":"export_jobs"}"""),
        ("export_requested", AnItem.RequestedAlone, """{"attemptId":"0123456789abcdef","ordinal":0,"openedBy":"accounting_exports"}"""),
        ("export_progressed", AnItem.TakenUp, """{"attemptId":"0123456789abcdef","status":"in_progress"}"""),
        ("export_progressed", new ItemEvent.ExportProgressed(AnItem.OtherAttempt, AttemptStatus.Pending), """{"attemptId":"fedcba9876543210","status":"pending"}"""),
        ("item_exported", AnItem.Succeeded with { Note = "posted" }, """{"attemptId":"0123456789abcdef","externalId":"JE-1","externalUrl":"https://erp.example.com/journal/JE-1","reportedAt":"2026-05-04T08:00:00+00:00","note":"posted"}"""),
        ("item_exported", new ItemEvent.ItemExported(null, null, null, null, null), "{}"),
        ("item_failed", AnItem.Failed, """{"attemptId":"0123456789abcdef","failureType":"validation_failure","reason":"Account 6110 is closed for June"}"""),
        ("item_failed", new ItemEvent.ItemFailed(null, null, null), "{}"),
        ("record_marked_exported", AnItem.Marked with { AttemptId = AnItem.ThisAttempt }, """{"attemptId":"0123456789abcdef","note":"entered by hand"}"""),
        ("record_marked_exported", new ItemEvent.RecordMarkedExported(null, null), "{}"),
        ("export_abandoned", AnItem.Abandoned, """{"attemptId":"0123456789abcdef"}"""),
        ("export_cancelled", AnItem.Cancelled, """{"attemptId":"0123456789abcdef"}"""),
        ("export_reopened", AnItem.Reopened, """{"reason":"the ERP was restored to Monday"}"""),
        ("export_reopened", new ItemEvent.ExportReopened(null), "{}"),
        ("job_created", AJob.Created, """{"systemId":"erp","origin":"export_jobs","createdBy":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","isInteractive":true,"vendorBasedBookkeeping":true,"numberOfItems":3}"""),
        ("job_created", AJob.BatchCreated, """{"systemId":"erp","origin":"accounting_exports","isInteractive":false,"vendorBasedBookkeeping":false,"numberOfItems":3,"batchId":"batch_0123456789abcdef"}"""),
        ("job_started", AJob.Started, "{}"),
        ("job_completed", AJob.CompletedWithErrors, """{"withErrors":true}"""),
        ("job_failed", AJob.Failed, """{"failureType":"accounting_system_unreachable","reason":"Ledger API did not answer.","expired":false}"""),
        ("job_failed", new JobEvent.JobFailed(null, null, true), """{"expired":true}"""),
        ("integration_connected", new IntegrationEvent.IntegrationConnected("NORTHLEDGER", "nl-org-4471"), """{"vendor":"NORTHLEDGER","vendorAccountId":"nl-org-4471"}"""),
        ("integration_disconnected", new IntegrationEvent.IntegrationDisconnected(), "{}"),
        ("integration_reactivated", new IntegrationEvent.IntegrationReactivated(), "{}"),
    ];

    /// <summary>Only what every record has; the amounts lie beyond 2^53, where a double would round them.</summary>
    private static RecordContent Bare => new(
        RecordKind.Expense, SourceType.Other, Stage.Prepare, new(-9_007_199_254_740_993, "JPY"), null, null, null, null, null, null, [], null, null, null, null);

    private const string BareRecordRegistered =
        """{"number":9007199254740993,"uuid":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","content":{"kind":"expense","sourceType":"other","stage":"prepare","amount":{"value":-9007199254740993,"currency":"JPY"},"lines":[]},"contentHash":"LlLjtKWR"}""";

    private const string RecordRegistered =
        """
        {"number":4711,"uuid":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","content":{"kind":"accounting_record","sourceType":"card","stage":"ready",
        "amount":{"value":17175,"currency":"USD"},
        "postedAt":"2026-05-04T08:00:00+00:00","createdAt":"2026-05-04T07:58:00+00:00","updatedAt":"2026-05-04T07:59:00+00:00",
        "text":"Site visit Lyon","account":"6110","contraAccount":"2400",
        "lines":[{"id":"1","side":"debit","amount":{"value":17175,"currency":"USD"},"account":"6110","text":"Train","tags":["D20"]},
        {"id":"2","side":"credit","amount":{"value":17175,"currency":"USD"},"account":"2400"}],
        "counterparty":{"id":"v-10","name":"Rail Europe"},"user":{"name":"Mira Okafor"},
        "files":[{"url":"https://files.example.com/r/9.pdf","type":"application/pdf","size":1024}],
        "facets":{"export_jobs":{"type":"card_purchase"},"accounting_records":{"memo":null}}},
        "contentHash":"LlLjtKWRre/\u002BVCzr2bxIgJBOkvlXLgHsB0Rj/hq62yg="}
        """;
}
