using System.Text.Json;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>Who a record is about: the facet's user and vendor where they have the contract's required members, else what the record's own parties say.</summary>
internal static class RecordParties
{
    private static readonly string[] VendorTexts = ["contact_name", "email", "website", "phone"];

    private static readonly HashSet<string> Roles =
        ["ACCOUNT_ADMIN", "AP_CLERK", "BOOKKEEPER", "CARD_ADMIN", "EMPLOYEE", "EMPLOYEE_WITHOUT_CORP_CARDS", "EXPENSE_ADMIN", "SUPER_ADMIN", "USER_MANAGEMENT_ADMIN"];

    private static readonly HashSet<string> Standings = ["ACTIVE", "ARCHIVED", "DELETED", "DISABLED", "INACTIVE", "INVITED", "PENDING_ACTIVATION"];

    public static void WriteUser(Utf8JsonWriter json, RecordFacet facet, JsonElement? own)
    {
        json.WritePropertyName("user");
        if (facet.Value("user") is { } given && IsUser(given)) given.WriteTo(json);
        else if (own is { } user && RecordFacet.TextOf(user, "name") is { Length: > 0 } name && RecordFacet.TextOf(user, "email") is { Length: > 0 } email) WriteUser(json, user, name, email);
        else json.WriteNullValue();
    }

    public static void WriteVendor(Utf8JsonWriter json, RecordFacet facet, JsonElement? counterparty)
    {
        json.WritePropertyName("vendor");
        if (facet.Value("vendor") is { } given && RecordFacet.TextOf(given, "id") is not null && RecordFacet.TextOf(given, "name") is not null) given.WriteTo(json);
        else if (counterparty is { } party && RecordFacet.TextOf(party, "name") is { Length: > 0 } name) WriteVendor(json, party, name);
        else json.WriteNullValue();
    }

    private static bool IsUser(JsonElement user) =>
        RecordFacet.TextOf(user, "id") is not null && RecordFacet.TextOf(user, "first_name") is not null && RecordFacet.TextOf(user, "last_name") is not null
        && RecordFacet.TextOf(user, "email") is not null && RecordFacet.TextOf(user, "role") is { } role && Roles.Contains(role)
        && RecordFacet.TextOf(user, "status") is { } status && Standings.Contains(status);

    // A record's own user has one name and neither role nor status; the contract requires all of them. The least that can be said is said.
    private static void WriteUser(Utf8JsonWriter json, JsonElement user, string name, string email)
    {
        var last = name.LastIndexOf(' ');
        json.WriteStartObject();
        json.WriteString("id", RecordFacet.TextOf(user, "id") ?? email);
        json.WriteString("first_name", last < 0 ? name : name[..last]);
        json.WriteString("last_name", last < 0 ? "" : name[(last + 1)..]);
        json.WriteString("email", email);
        json.WriteString("role", "EMPLOYEE");
        json.WriteString("status", "ACTIVE");
        json.WriteEndObject();
    }

    private static void WriteVendor(Utf8JsonWriter json, JsonElement party, string name)
    {
        json.WriteStartObject();
        json.WriteString("id", RecordFacet.TextOf(party, "id") ?? name);
        json.WriteString("name", name);
        foreach (var text in VendorTexts) json.WriteString(text, RecordFacet.TextOf(party, text));
        json.WriteEndObject();
    }
}
