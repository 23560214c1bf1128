using System.Globalization;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>
/// What an export item shows where the record's facet says nothing. The contract wants UUIDs for accounts, tags, users and
/// lines; where the platform gave other names, a UUIDv5 of tenant and name stands in: the same thing gets the same id every time.
/// </summary>
internal sealed class ExportItemDefaults(RecordView record, string tenantId)
{
    public void WriteType(Utf8JsonWriter json) => json.WriteString("type", EntryType.Of(null, record.SourceType, record.Kind));

    public void WriteFiles(Utf8JsonWriter json)
    {
        if (record.Details.Files is not { ValueKind: JsonValueKind.Array } files)
        {
            json.WriteNull("files");
            return;
        }
        json.WriteStartArray("files");
        foreach (var file in files.EnumerateArray().Where(IsFile))
        {
            json.WriteStartObject();
            json.WriteString("url", Text(file, "url"));
            json.WriteString("type", Text(file, "type"));
            json.WriteNumber("size", file.GetProperty("size").GetInt32());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public void WriteSupplier(Utf8JsonWriter json)
    {
        if (Object(record.Details.Counterparty) is not { } supplier)
        {
            json.WriteNull("supplier");
            return;
        }
        json.WriteStartObject("supplier");
        foreach (var name in (ReadOnlySpan<string>)["name", "code", "account", "categoryCode", "country", "taxIdentifier"]) json.WriteString(name, Text(supplier, name));
        json.WriteEndObject();
    }

    /// <summary>The counterparty, as far as it has a name: the contract wants one of a vendor.</summary>
    public void WriteVendor(Utf8JsonWriter json)
    {
        if (Object(record.Details.Counterparty) is not { } vendor || Text(vendor, "name") is not { } name)
        {
            json.WriteNull("vendor");
            return;
        }
        json.WriteStartObject("vendor");
        json.WriteString("id", IdOf("vendor", Text(vendor, "id") ?? name));
        json.WriteString("name", name);
        json.WriteString("defaultCurrency", record.Amount.Currency);
        foreach (var optional in (ReadOnlySpan<string>)["code", "externalId", "country", "registrationNumber", "taxRegistrationNumber"])
        {
            if (Text(vendor, optional) is { } value) json.WriteString(optional, value);
        }
        json.WriteEndObject();
    }

    public void WriteUser(Utf8JsonWriter json)
    {
        if (Object(record.Details.User) is not { } user || Text(user, "name") is not { } name)
        {
            json.WriteNull("user");
            return;
        }
        json.WriteStartObject("user");
        json.WriteString("id", IdOf("user", Text(user, "id") ?? name));
        json.WriteString("name", name);
        json.WriteString("code", Text(user, "code"));
        json.WriteEndObject();
    }

    public void WriteContraAccount(Utf8JsonWriter json) => WriteAccount(json, "contraAccount", record.ContraAccount);

    /// <summary>One line per line of the record, credits negative; a record without lines is one line over its whole amount.</summary>
    public void WriteLines(Utf8JsonWriter json)
    {
        json.WriteStartArray("accountingEntryLines");
        if (record.Details.Lines.Count == 0) WriteLine(json, "0", null, record.Amount, record.Account, null);
        for (var index = 0; index < record.Details.Lines.Count; index++)
        {
            var line = record.Details.Lines[index];
            WriteLine(json, line.Id ?? index.ToString(CultureInfo.InvariantCulture), line.Id, line.Side is LineSide.Credit ? new(-line.Amount.Value, line.Amount.Currency) : line.Amount, line.Account, line.Tags);
        }
        json.WriteEndArray();
    }

    public void WriteAdditionalInformation(Utf8JsonWriter json)
    {
        json.WriteStartObject("additionalInformation");
        json.WriteString("reconciliationId", record.State.Number.ToString(CultureInfo.InvariantCulture));
        json.WriteNull("attendees");
        json.WriteNull("invoiceInformation");
        json.WriteNull("reconciledEntries");
        json.WriteEndObject();
    }

    private void WriteLine(Utf8JsonWriter json, string place, string? id, Money amount, string? account, JsonElement? tags)
    {
        json.WriteStartObject();
        json.WriteString("accountingEntryLineId", Guid.TryParseExact(id, "D", out var own) ? own : IdOf($"line/{record.Id.Value}", place));
        json.WriteAmount("lineAmount", amount);
        json.WriteAmount("netAmount", amount);
        WriteAccount(json, "account", account);
        WriteTags(json, tags);
        json.WriteNull("tax");
        json.WriteEndObject();
    }

    private void WriteAccount(Utf8JsonWriter json, string member, string? account)
    {
        if (account is null)
        {
            json.WriteNull(member);
            return;
        }
        json.WriteStartObject(member);
        json.WriteString("id", IdOf("account", account));
        json.WriteString("name", account);
        json.WriteString("code", account);
        json.WriteNull("identifier");
        json.WriteEndObject();
    }

    private void WriteTags(Utf8JsonWriter json, JsonElement? tags)
    {
        if (tags is not { ValueKind: JsonValueKind.Array } given)
        {
            json.WriteNull("tags");
            return;
        }
        json.WriteStartArray("tags");
        foreach (var tag in given.EnumerateArray())
        {
            var code = tag.ValueKind is JsonValueKind.String ? tag.GetString() : Object(tag) is { } members ? Text(members, "code") ?? Text(members, "id") ?? Text(members, "name") : null;
            if (code is null) continue;
            var group = Object(tag) is { } named ? Text(named, "groupCode") ?? Text(named, "group") ?? Text(named, "type") : null;
            json.WriteStartObject();
            json.WriteString("id", IdOf($"tag/{group}", Object(tag) is { } known && Text(known, "id") is { } id ? id : code));
            json.WriteString("code", code);
            json.WriteString("groupCode", group ?? "TAG");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private Guid IdOf(string kind, string name) => Guid.TryParseExact(name, "D", out var own) ? own : RecordIdentity.DerivedUuid(tenantId, new RecordId($"{kind}/{name}"));

    private static bool IsFile(JsonElement file) =>
        Object(file) is { } members && Text(members, "url") is not null && Text(members, "type") is not null && members.TryGetProperty("size", out var size) && size.ValueKind is JsonValueKind.Number && size.TryGetInt32(out _);

    private static JsonElement? Object(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } members ? members : null;

    private static string? Text(JsonElement members, string name) => members.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
