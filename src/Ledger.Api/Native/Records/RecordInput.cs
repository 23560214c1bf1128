using System.Buffers;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Input;
using Ledger.Domain;
using Ledger.Domain.Records;

namespace Ledger.Api.Native.Records;

/// <summary>Reads one record as a platform sends it. Members nobody knows are ignored; facets nobody would show are refused, because they would be lost silently.</summary>
internal static class RecordInput
{
    private const int MaxText = 10_000;
    private const int MaxName = 255;
    private const int MaxFiles = 1_000;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly string[] Dialects = ["accounting_entries", "accounting_records", "accounting_exports", "export_jobs"];
    private static readonly JsonWords<RecordKind> Kinds = Words<RecordKind>();
    private static readonly JsonWords<SourceType> SourceTypes = Words<SourceType>();
    private static readonly JsonWords<Stage> Stages = Words<Stage>();
    private static readonly JsonWords<LineSide> Sides = Words<LineSide>();

    public static JsonWords<Stage> StageWords => Stages;

    /// <returns>Null when something is wrong; the faults say what.</returns>
    public static IncomingRecord? Read(JsonElement element, JsonFaults faults)
    {
        var members = JsonMembers.Of(element, faults);
        var id = members.RequiredString("id", 1, RecordId.MaxLength);
        var content = new RecordContent(
            members.OptionalEnum("kind", Kinds) ?? RecordKind.AccountingEntry, members.OptionalEnum("source_type", SourceTypes) ?? SourceType.Other, members.OptionalEnum("stage", Stages) ?? Stage.Ready,
            Amount(members), members.OptionalDateOrDateTime("posted_at"), members.OptionalDateTime("created_at"), members.OptionalDateTime("updated_at"),
            members.OptionalString("text", MaxText), members.OptionalString("account", MaxName), members.OptionalString("contra_account", MaxName), Lines(members),
            FreeObject(members, "counterparty"), FreeObject(members, "user"), Files(members), Facets(members));
        return faults.Any ? null : new IncomingRecord(new RecordId(id!), content);
    }

    private static Money Amount(JsonMembers parent)
    {
        var amount = parent.RequiredObject("amount");
        var value = amount.RequiredInt64("value");
        var currency = amount.RequiredString("currency");
        if (currency is not null && (currency.Length != 3 || currency.AsSpan().ContainsAnyExcept(Letters))) amount.Fault("currency", "Must be an ISO 4217 code such as EUR.");
        return new Money(value ?? 0, currency ?? "");
    }

    private static List<RecordLine> Lines(JsonMembers record)
    {
        var lines = new List<RecordLine>();
        foreach (var line in record.OptionalObjects("lines", RecordContent.MaxLines))
        {
            lines.Add(new RecordLine(
                line.OptionalString("id", RecordId.MaxLength), line.RequiredEnum("side", Sides) ?? LineSide.Debit, Amount(line),
                line.OptionalString("account", MaxName), line.OptionalString("text", MaxText), Tags(line)));
        }
        return lines;
    }

    private static JsonElement? Tags(JsonMembers line)
    {
        if (Free(line, "tags") is not { } tags) return null;
        if (tags.ValueKind is JsonValueKind.Array && tags.EnumerateArray().All(tag => tag.ValueKind is JsonValueKind.String or JsonValueKind.Object)) return tags.Clone();
        line.Fault("tags", "Must be an array of strings or objects.");
        return null;
    }

    private static JsonElement? Files(JsonMembers record)
    {
        foreach (var file in record.OptionalObjects("files", MaxFiles))
        {
            file.RequiredString("url", 1, 2_048);
            file.OptionalString("type", MaxName);
            file.OptionalInt64("size", 0);
        }
        return Free(record, "files")?.Clone();
    }

    private static JsonElement? Facets(JsonMembers record)
    {
        if (FreeObject(record, "facets") is not { } facets) return null;
        foreach (var facet in facets.EnumerateObject())
        {
            if (!Dialects.Contains(facet.Name)) record.OptionalObject("facets").Fault(facet.Name, $"Must be one of: {string.Join(", ", Dialects)}.");
            else if (facet.Value.ValueKind is not JsonValueKind.Object) record.OptionalObject("facets").Fault(facet.Name, "Must be an object.");
        }
        return facets;
    }

    private static JsonElement? FreeObject(JsonMembers parent, string name) =>
        parent.OptionalObject(name).IsPresent ? Free(parent, name)?.Clone() : null;

    private static JsonElement? Free(JsonMembers parent, string name)
    {
        if (parent.Value(name) is not { } value) return null;
        if (FreeJson.FirstUnstorable(value) is not { } place) return value;
        parent.Fault(name, place.Length == 0 ? "Is too large a number to be stored exactly." : $"Holds a number at {place} that is too large to be stored exactly.");
        return null;
    }

    private static JsonWords<T> Words<T>() where T : struct, Enum => new([.. Enum.GetValues<T>().Select(value => (NativeWords.Of(value), value))]);
}
