using System.Text.Json.Nodes;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Api.Demo;

/// <summary>
/// What happened to the demo records in the systems <c>erp</c> and <c>wms</c>: jobs in every state, failures of many types,
/// marks with notes, re-opens, corrections. Each step can be applied after the ones before it without being refused.
/// </summary>
internal static class DemoActivity
{
    private const string Erp = "erp";
    private const string Wms = "wms";

    public static IReadOnlyList<DemoStep> Plan(IReadOnlyList<DemoRecord> records)
    {
        var expenses = Ready(records, "expense");
        var bills = Ready(records, "accounting_record");
        var entries = Ready(records, "accounting_entry");
        return
        [
            .. ExportJobs(expenses), .. Marks(entries), .. Results(records, bills), .. Batches(expenses), .. Warehouse(expenses, entries),
            .. Restore(entries), .. Corrections(records, expenses),
        ];
    }

    /// <summary>Five export jobs of the ERP, one after the other as the API demands.</summary>
    private static IEnumerable<DemoStep> ExportJobs(List<string> expenses)
    {
        var unreachable = DemoFailures.AccountingSystemUnreachable;
        List<string> failing = [.. expenses[208..220]];
        yield return Job(Erp, expenses[..120].Select(Exported("JE")), new DemoJobEnd.Completed(false));
        yield return Job(Erp, expenses[120..208].Select(Exported("JE")).Concat(failing.Select(Failing)), new DemoJobEnd.Completed(true));
        yield return Job(Erp, expenses[220..238].Select(Exported("JE")).Concat(expenses[238..270].Select(Open)), new DemoJobEnd.Failed(true, unreachable.Type, unreachable.Reason));
        yield return Job(Erp, expenses[270..300].Select(Open), new DemoJobEnd.Failed(false, "canceled_by_user", "Cancelled by Hana Kim."));
        yield return Job(Erp, failing[..6].Select(Exported("JE")), new DemoJobEnd.Completed(false));
    }

    private static IEnumerable<DemoStep> Marks(List<string> entries)
    {
        foreach (var ten in entries[..150].Chunk(10))
            yield return new DemoStep.Report("accounting_entries", Erp, [.. ten.Select((id, index) => (id, (ItemCommand)new ItemCommand.MarkExported(index % 5 == 0 ? $"Posted in batch {ten[0]}" : null)))]);
        yield return new DemoStep.Report("accounting_entries", Erp, [.. entries[..5].Select(id => (id, (ItemCommand)new ItemCommand.MarkExported("Posted again after the period was reopened")))]);
    }

    /// <summary>Export results of bills; three of the failed ones are corrected by the platform afterwards.</summary>
    private static IEnumerable<DemoStep> Results(IReadOnlyList<DemoRecord> records, List<string> bills)
    {
        yield return new DemoStep.Report("accounting_records", Erp, [.. bills[..90].Select(id => (id, (ItemCommand)new ItemCommand.ReportExported(Reference("BILL", id))))]);
        yield return new DemoStep.Report("accounting_records", Erp, [.. bills[90..100].Select((id, index) => (id, (ItemCommand)new ItemCommand.ReportFailed(null, DemoFailures.Of(index).Reason)))]);
        yield return new DemoStep.Revise([.. bills[90..93].Select(id =>
        {
            var corrected = (JsonObject)records.First(record => record.Id == id).Json.DeepClone();
            corrected["text"] = $"{corrected["text"]} (corrected)";
            return corrected;
        })]);
    }

    /// <summary>Batches of the warehouse system: one finished, one that waits for its last results, one just taken in.</summary>
    private static IEnumerable<DemoStep> Batches(List<string> expenses)
    {
        yield return Batch(expenses[60..100].Select(Exported("WMS")), new DemoJobEnd.Completed(false));
        yield return Batch(expenses[100..110].Select(Exported("WMS")).Concat(expenses[110..113].Select(Failing)).Concat(expenses[113..130].Select(Open)), new DemoJobEnd.InProgress());
        yield return Batch(expenses[130..150].Select(Open), new DemoJobEnd.Pending());
    }

    private static IEnumerable<DemoStep> Warehouse(List<string> expenses, List<string> entries)
    {
        yield return new DemoStep.SingleExports(Wms,
        [
            .. expenses[..45].Select(Exported("WMS")), .. expenses[45..52].Select(Failing),
            .. expenses[52..55].Select(id => new DemoItem(id, new DemoOutcome.Cancelled())), .. expenses[55..60].Select(Open),
        ]);
        yield return new DemoStep.Report("native", Wms, [.. entries[..40].Select(id => (id, (ItemCommand)new ItemCommand.ReportExported(Reference("WMS", id))))]);
    }

    /// <summary>The ERP was restored from a backup; a part of what it lost has been exported again.</summary>
    private static IEnumerable<DemoStep> Restore(List<string> entries)
    {
        yield return new DemoStep.Report("native", Erp, [.. entries[100..120].Select(id => (id, (ItemCommand)new ItemCommand.Reopen("ERP restored from the backup of Monday night")))]);
        yield return new DemoStep.Report("accounting_entries", Erp, [.. entries[100..108].Select(id => (id, (ItemCommand)new ItemCommand.MarkExported("Posted again after the restore")))]);
    }

    private static IEnumerable<DemoStep> Corrections(IReadOnlyList<DemoRecord> records, List<string> expenses)
    {
        yield return new DemoStep.Change([.. records.Where(record => record.Stage == "review").Take(10).Select(record => record.Id)], new RecordCommand.ChangeStage(Stage.Ready));
        yield return new DemoStep.Change(expenses[^6..], new RecordCommand.Withdraw());
    }

    private static List<string> Ready(IReadOnlyList<DemoRecord> records, string kind) =>
        [.. records.Where(record => record.Kind == kind && record.Stage == "ready").Select(record => record.Id)];

    private static DemoStep.Job Job(string system, IEnumerable<DemoItem> items, DemoJobEnd end) => new(system, JobOrigin.ExportJobs, [.. items], end);

    private static DemoStep.Job Batch(IEnumerable<DemoItem> items, DemoJobEnd end) => new(Wms, JobOrigin.AccountingExports, [.. items], end);

    private static Func<string, DemoItem> Exported(string prefix) => id => new(id, new DemoOutcome.Exported(Reference(prefix, id)));

    private static DemoItem Failing(string id, int index) => new(id, DemoFailures.Of(index));

    private static DemoItem Open(string id) => new(id, null);

    // The same record gets the same reference at every seeding; FNV-1a, because string.GetHashCode differs by process.
    private static ExportReference Reference(string prefix, string id)
    {
        var hash = id.Aggregate(2166136261u, (sum, letter) => (sum ^ letter) * 16777619u);
        var external = $"{prefix}-{10_000 + (hash % 90_000)}";
        return new ExportReference(external, $"https://erp.demo.example/documents/{external}", null, null);
    }
}
