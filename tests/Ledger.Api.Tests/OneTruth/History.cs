using System.Net;

namespace Ledger.Api.Tests.OneTruth;

/// <summary>Drives one history through the APIs and the model side by side: what each call answers, and afterwards what every API says of every record.</summary>
internal sealed class History(Calls calls, Model model)
{
    private readonly List<string> _exportIds = [];
    private string? _jobId;
    private Step? _previous;

    public async Task RunAsync(IEnumerable<Step> steps)
    {
        var number = 0;
        foreach (var given in steps)
        {
            number++;
            var step = given is Step.Retry ? _previous : given;
            if (step is null) continue;
            await DoAsync(step, number);
            _previous = step;
            await new Comparison(calls, model, _exportIds, _jobId).AssertAsync($"after step {number}, {given}");
        }
    }

    private Task DoAsync(Step step, int number) => step switch
    {
        Step.Mark mark => MarkAsync(mark.Record),
        Step.ReportRecord report => ReportRecordAsync(report, $"AR-{number}"),
        Step.ReportNative report => ReportNativeAsync(report, $"N-{number}"),
        Step.Reopen reopen => ReopenAsync(reopen.Record),
        Step.Stage stage => StageAsync(stage),
        Step.Export export => ExportAsync(export),
        Step.Callback callback => CallbackAsync(callback),
        Step.Cancel cancel => CancelAsync(cancel),
        Step.CreateJob create => CreateJobAsync(create),
        Step.UpdateItem update => UpdateItemAsync(update),
        Step.JobEvent @event => JobEventAsync(@event.Event),
        _ => throw new InvalidOperationException($"No call for {step}."),
    };

    private async Task MarkAsync(int record)
    {
        var (status, _) = await calls.SendAsync(HttpMethod.Post, "/v10/accounting-entries/mark-as-exported",
            new { accounting_entries = new[] { new { accounting_entry_id = record, system_id = "erp", note = "marked" } } });
        status.ShouldBe(HttpStatusCode.OK);
        model.Succeed(record, null);
    }

    private async Task ReportRecordAsync(Step.ReportRecord report, string reference)
    {
        var item = model.Items[report.Record];
        var (status, _) = await calls.SendAsync(HttpMethod.Post, "/v3/accounting/records/export-results", new { results = new[] { Calls.Result(report.Record, report.Success, reference) } });
        if (!item.Ready || item.Exported || item.FailedSinceReady)
        {
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            return;
        }
        status.ShouldBe(HttpStatusCode.OK);
        if (report.Success) model.Succeed(report.Record, reference);
        else model.Fail(report.Record, "/refused");
    }

    private async Task ReportNativeAsync(Step.ReportNative report, string reference)
    {
        object result = report.Success
            ? new { record_id = $"{report.Record}", outcome = "exported", external_id = reference }
            : new { record_id = $"{report.Record}", outcome = "failed", failure = new { type = "tag_unknown", reason = reference } };
        var (status, body) = await calls.SendAsync(HttpMethod.Post, "/ledger/v1/systems/erp/results", new { results = new[] { result } });
        status.ShouldBe(HttpStatusCode.OK);
        body!["results"]![0]!["status"]!.GetValue<string>().ShouldBe("applied");
        if (report.Success) model.Succeed(report.Record, reference);
        else model.Fail(report.Record, $"tag_unknown/{reference}");
    }

    private async Task ReopenAsync(int record)
    {
        var item = model.Items[record];
        var (status, body) = await calls.SendAsync(HttpMethod.Post, "/ledger/v1/systems/erp/reopen", new { record_ids = new[] { $"{record}" }, reason = "restored" });
        status.ShouldBe(HttpStatusCode.OK);
        var applied = body!["results"]![0]!["status"]!.GetValue<string>() == "applied";
        applied.ShouldBe(item.Exported || item.Failed);
        if (applied) model.Reopen(record);
    }

    private async Task StageAsync(Step.Stage stage)
    {
        var (status, _) = await calls.SendAsync(HttpMethod.Post, $"/ledger/v1/records/{stage.Record}/stage", new { stage = stage.Ready ? "ready" : "review" });
        ((int)status).ShouldBeInRange(200, 204);
        model.SetStage(stage.Record, stage.Ready);
    }

    private async Task ExportAsync(Step.Export export)
    {
        var item = model.Items[export.Record];
        var possible = item.Open is null && item.Ready && (!item.Exported || export.Again);
        var (status, body) = await calls.SendAsync(HttpMethod.Post, "/api/v1/accounting-exports", new { expense_id = $"{export.Record}", target_system = "erp", re_export = export.Again });
        status.ShouldBe(possible ? HttpStatusCode.Accepted : HttpStatusCode.Conflict);
        if (!possible) return;
        model.Exports.Add(model.Request(export.Record, ofJob: false));
        _exportIds.Add(body!["export_id"]!.GetValue<string>());
    }

    private async Task CallbackAsync(Step.Callback callback)
    {
        if (_exportIds.Count == 0) return;
        var index = _exportIds.Count - 1 - (callback.Nth % _exportIds.Count);
        var export = model.Exports[index];
        object report = callback.Success ? new { status = "success", external_reference = "AE-1" } : new { status = "failed", error_message = "refused" };
        var (status, _) = await calls.SendAsync(HttpMethod.Put, $"/api/v1/accounting-exports/{_exportIds[index]}", report);
        if (export.IsOpen)
        {
            status.ShouldBe(HttpStatusCode.OK);
            if (callback.Success) model.Succeed(export.Record, "AE-1");
            else model.Fail(export.Record, "/refused");
        }
        else if (callback.Success && export is { Status: "successful", Result: "AE-1" })
        {
            status.ShouldBe(HttpStatusCode.OK, "the same report again");
        }
        else if (export.Status != "failed" || callback.Success)
        {
            status.ShouldBe(HttpStatusCode.Conflict);
        }
    }

    private async Task CancelAsync(Step.Cancel cancel)
    {
        if (_exportIds.Count == 0) return;
        var index = _exportIds.Count - 1 - (cancel.Nth % _exportIds.Count);
        var export = model.Exports[index];
        var (status, _) = await calls.SendAsync(HttpMethod.Delete, $"/api/v1/accounting-exports/{_exportIds[index]}");
        status.ShouldBe(export.Status is "pending" or "cancelled" ? HttpStatusCode.OK : HttpStatusCode.Conflict);
        if (export.IsOpen) export.Status = "cancelled";
    }

    private async Task CreateJobAsync(Step.CreateJob create)
    {
        int[] records = [.. new[] { create.First, create.Second }.Distinct()];
        var possible = !model.JobIsUnfinished && records.All(record => model.Items[record] is { Ready: true, Open: null });
        var (status, body) = await calls.SendAsync(HttpMethod.Post, "/v3/export-jobs", new { companyId = calls.CompanyId, accountingEntryIds = records.Select(calls.EntryId) });
        (status == HttpStatusCode.Created).ShouldBe(possible, $"{status}: {body}");
        if (!possible) return;
        model.JobItems.Clear();
        model.JobItems.AddRange(records.Select(record => model.Request(record, ofJob: true)));
        model.JobStatus = "pending";
        _jobId = body!["data"]!["id"]!.GetValue<string>();
    }

    private async Task UpdateItemAsync(Step.UpdateItem update)
    {
        if (_jobId is null) return;
        object element = update.Success
            ? new { accountingEntryId = calls.EntryId(update.Record), status = "successful", externalId = "EJ-1" }
            : new { accountingEntryId = calls.EntryId(update.Record), status = "failed", failureReasonType = "tag_unknown", failureReason = "refused" };
        var (status, body) = await calls.SendAsync(HttpMethod.Put, $"/v3/export-jobs/{_jobId}/items", new[] { element });
        if (!model.JobIsUnfinished)
        {
            status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            return;
        }
        status.ShouldBe(HttpStatusCode.OK);
        var item = model.JobItems.Find(item => item.Record == update.Record);
        var result = update.Success ? "EJ-1" : "tag_unknown/refused";
        // The same report again is no report, also when a newer attempt has replaced the job's.
        var repeated = item is not null && item.Status == (update.Success ? "successful" : "failed") && item.Result == result;
        var applied = !repeated && item is { Status: "pending" or "failed" } && model.Items[update.Record].Latest == item;
        if (item is null) body!["errors"]![0]!["type"]!.GetValue<string>().ShouldBe("ACCOUNTING_ENTRY_DOES_NOT_EXIST");
        else body!["errors"]!.AsArray().Count.ShouldBe(applied || repeated ? 0 : 1);
        if (!applied) return;
        (item!.Status, item.Result) = (update.Success ? "successful" : "failed", result);
        if (update.Success) model.Succeed(update.Record, result);
        else model.Fail(update.Record, result);
    }

    private async Task JobEventAsync(string @event)
    {
        if (_jobId is null) return;
        var (status, _) = await calls.SendAsync(HttpMethod.Post, "/v3/export-job-events", new { jobId = _jobId, @event });
        var allowed = (model.JobStatus, @event) is ("pending", "started" or "failed") or ("in_progress", "completed" or "completed_with_errors" or "failed");
        status.ShouldBe(allowed ? HttpStatusCode.Accepted : HttpStatusCode.UnprocessableEntity);
        if (!allowed) return;
        if (@event == "started") model.JobStatus = "in_progress";
        else model.EndJob(@event);
    }
}
