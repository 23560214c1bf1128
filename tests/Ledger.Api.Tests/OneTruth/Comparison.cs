using System.Globalization;

namespace Ledger.Api.Tests.OneTruth;

/// <summary>What every API says of every record, against the model.</summary>
internal sealed class Comparison(Calls calls, Model model, IReadOnlyList<string> exportIds, string? jobId)
{
    public async Task AssertAsync(string when)
    {
        var entries = await calls.GetAsync("/v10/accounting-entries/export?system_id=erp&limit=60");
        entries["accounting_entries"]!.AsArray().Select(entry => entry!["id"]!.GetValue<int>()).ShouldBe(model.Offered, $"accounting entries, {when}");

        var native = await calls.GetAsync("/ledger/v1/systems/erp/not-exported");
        native["items"]!.AsArray().Select(item => (item!["record"]!["id"]!.GetValue<string>(), item["state"]!["status"]!.GetValue<string>()))
            .ShouldBe(model.Offered.Select(record => (Text(record), model.Items[record].Status)), $"native queue, {when}");
        foreach (var (record, item) in model.Items)
            (await calls.GetAsync($"/ledger/v1/systems/erp/items/{record}"))["status"]!.GetValue<string>().ShouldBe(item.Status, $"native item {record}, {when}");

        var ready = model.Items.Where(item => item.Value is { Ready: true, Exported: false, FailedSinceReady: false }).Select(item => Text(item.Key));
        (await ReviewAsync("READY_FOR_EXPORT")).ShouldBe(ready, ignoreOrder: true, $"accounting records ready, {when}");
        var exported = model.Items.Where(item => item.Value is { Ready: true, Exported: true }).Select(item => Text(item.Key)).ToList();
        (await ReviewAsync("EXPORTED")).Intersect(model.Items.Where(item => item.Value.Ready).Select(item => Text(item.Key))).ShouldBe(exported, ignoreOrder: true, $"accounting records exported, {when}");

        for (var index = 0; index < exportIds.Count; index++)
        {
            var status = model.Exports[index].Status switch { "pending" => "processing", "successful" => "success", "abandoned" => "cancelled", var other => other };
            (await calls.GetAsync($"/api/v1/accounting-exports/{exportIds[index]}"))["status"]!.GetValue<string>().ShouldBe(status, $"accounting export {index}, {when}");
        }
        if (jobId is not null)
        {
            (await calls.GetAsync($"/v3/export-jobs/{jobId}"))["data"]!["status"]!.GetValue<string>().ShouldBe(model.JobStatus, $"job, {when}");
            var items = await calls.GetAsync($"/v3/export-jobs/{jobId}/items");
            items["data"]!.AsArray().Select(item => (calls.RecordOf(item!["accountingEntryId"]!.GetValue<string>()), item["status"]!.GetValue<string>()))
                .ShouldBe(model.JobItems.Select(item => (item.Record, item.Status)), $"job items, {when}");
        }
        var system = (await calls.GetAsync("/ledger/v1/systems"))["systems"]!.AsArray().SingleOrDefault(system => system!["system_id"]!.GetValue<string>() == "erp");
        if (system is null) return;
        (system["offered"]!.GetValue<int>(), system["exported"]!.GetValue<int>(), system["failed"]!.GetValue<int>())
            .ShouldBe((model.Offered.Count(), model.Items.Count(item => item.Value.Exported), model.Items.Count(item => item.Value is { Exported: false, Failed: true })), $"counts, {when}");
    }

    private async Task<List<string>> ReviewAsync(string status) =>
        [.. (await calls.GetAsync($"/v3/accounting/records?review_status={status}"))["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];

    private static string Text(int record) => record.ToString(CultureInfo.InvariantCulture);
}
