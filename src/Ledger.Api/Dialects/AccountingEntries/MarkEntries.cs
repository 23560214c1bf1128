using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Items;
using Ledger.Projections.Systems;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary><c>POST /v10/accounting-entries/mark-as-exported</c>: states that entries are exported, all of them or none.</summary>
internal static class MarkEntries
{
    public static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, CommandRunner runner, ItemStates items, SystemRegistry systems, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } refused) return new FaultResult(refused);
        var faults = new List<InputFault>();
        var marks = MarkRequest.Parse(body.Root, faults);
        if (faults.Count > 0) return new FaultResult(AccountingEntriesErrors.Invalid(faults));

        return await runner.RunAsync<IResult>(CommandContext.Of(context, "accounting_entries"), async (write, token) =>
        {
            var known = await LoadAsync(items, client.TenantId, marks, token);
            var unknown = marks.Where(mark => !known.ContainsKey((mark.SystemId, mark.EntryId))).ToList();
            if (unknown.Count > 0) return _ => new FaultResult(AccountingEntriesErrors.Invalid(unknown.Select(Unknown)));

            var collapsed = CollapsedMark.Of(marks);
            var batch = new ItemBatch();
            foreach (var mark in collapsed) batch.Decide(known[(mark.SystemId, mark.EntryId)], new ItemCommand.MarkExported(mark.Note));
            batch.AddTo(write);
            // Only now, when something will be written: a call that is refused makes no system known.
            foreach (var system in collapsed.Select(mark => mark.SystemId).Distinct()) await systems.EnsureKnownAsync(client.TenantId, new SystemId(system), token);
            return at => new JsonAnswer(json => Write(json, collapsed, at!.Value));
        }, cancellationToken);
    }

    private static async Task<Dictionary<(string System, long Entry), ItemSnapshot>> LoadAsync(
        ItemStates items, string tenantId, IReadOnlyList<Mark> marks, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string, long), ItemSnapshot>();
        foreach (var system in marks.GroupBy(mark => mark.SystemId, StringComparer.Ordinal))
        {
            var loaded = await items.LoadAsync(tenantId, new SystemId(system.Key), [.. system.Select(mark => mark.EntryId).Distinct()], cancellationToken);
            foreach (var (number, snapshot) in loaded) found.Add((system.Key, number), snapshot);
        }
        return found;
    }

    // An entry of another tenant is answered with the very same words.
    private static InputFault Unknown(Mark mark) => new($"accounting_entries.{mark.Index}.accounting_entry_id", "there is no accounting entry with this id");

    private static void Write(Utf8JsonWriter json, IReadOnlyList<CollapsedMark> marks, DateTimeOffset at)
    {
        json.WriteStartObject();
        json.WriteStartArray("accounting_entries");
        foreach (var mark in marks)
        {
            json.WriteStartObject();
            json.WriteNumber("accounting_entry_id", mark.EntryId);
            json.WriteString("system_id", mark.SystemId);
            json.WriteString("exported_at", DateTimeText.Canonical(at));
            json.WriteString("note", mark.Note);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
