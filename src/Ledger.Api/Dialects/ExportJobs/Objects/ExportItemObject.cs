using System.Text.Json;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>
/// Writes <c>ExportItemV3</c>: what the record's <c>facets.export_jobs</c> says, as given; what it does not say, from the
/// record itself. Who the entry and the company are, and the date the list is sorted by, always come from the record.
/// </summary>
internal static class ExportItemObject
{
    private static readonly HashSet<string> Required = ["type", "amount", "accountingEntryLines", "additionalInformation", "_links"];

    // "vendor" and "bookkeeping" are shown only for jobs with vendorBasedBookkeeping, so they are never among the others.
    private static readonly HashSet<string> Written =
    [
        .. Required, "accountingEntryId", "companyId", "date", "subType", "note", "files", "supplier", "vendor", "bookkeeping", "user", "team", "contraAccount", "servicePeriod",
    ];

    public static void Write(Utf8JsonWriter json, RecordView record, string companyId, bool vendorBased)
    {
        var facet = Facet(record);
        var derive = new ExportItemDefaults(record, companyId);
        json.WriteStartObject();
        json.WriteString("accountingEntryId", record.State.Uuid);
        json.WriteString("companyId", companyId);
        json.WriteTime("date", record.PostedAt);
        Member("type", derive.WriteType);
        Member("subType", writer => writer.WriteNull("subType"));
        Member("amount", writer => writer.WriteAmount("amount", record.Amount));
        Member("note", writer => writer.WriteString("note", record.Text));
        Member("files", derive.WriteFiles);
        Member("supplier", derive.WriteSupplier);
        if (vendorBased)
        {
            Member("vendor", derive.WriteVendor);
            Member("bookkeeping", writer => writer.WriteNull("bookkeeping"));
        }
        Member("user", derive.WriteUser);
        Member("team", writer => writer.WriteNull("team"));
        Member("contraAccount", derive.WriteContraAccount);
        Member("servicePeriod", writer => writer.WriteNull("servicePeriod"));
        Member("accountingEntryLines", derive.WriteLines);
        Member("additionalInformation", derive.WriteAdditionalInformation);
        Member("_links", WriteNoLinks);
        foreach (var member in Others(facet)) member.WriteTo(json);
        json.WriteEndObject();

        void Member(string name, Action<Utf8JsonWriter> derived)
        {
            // A null in the facet counts as said only where the contract allows null.
            if (facet is { } said && said.TryGetProperty(name, out var value) && (value.ValueKind is not JsonValueKind.Null || !Required.Contains(name)) && !Unmapped(name, value, record))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            else derived(json);
        }
    }

    // The record's own contra account maps what the facet calls unmapped.
    private static bool Unmapped(string name, JsonElement value, RecordView record) => name == "contraAccount" && value.ValueKind is JsonValueKind.Null && record.ContraAccount is not null;

    private static IEnumerable<JsonProperty> Others(JsonElement? facet) =>
        facet is { } members ? members.EnumerateObject().Where(member => !Written.Contains(member.Name)) : [];

    private static JsonElement? Facet(RecordView record) =>
        record.Details.Facets is { ValueKind: JsonValueKind.Object } facets && facets.TryGetProperty("export_jobs", out var facet) && facet.ValueKind is JsonValueKind.Object ? facet : null;

    private static void WriteNoLinks(Utf8JsonWriter json)
    {
        json.WriteStartObject("_links");
        json.WriteEndObject();
    }
}
