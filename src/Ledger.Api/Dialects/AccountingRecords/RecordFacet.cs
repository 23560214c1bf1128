using System.Text.Json;
using Ledger.Api.Input;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>
/// The record's <c>facets.accounting_records</c>: members only this dialect shows. One that has the contract's form is shown as
/// given; one that has not reads as absent, because a client generated from the contract would fail on it.
/// </summary>
internal readonly struct RecordFacet
{
    private readonly JsonElement _members;

    public RecordFacet(JsonElement? facets) =>
        _members = facets is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty(AccountingRecordsDialect.Name, out var own) && own.ValueKind is JsonValueKind.Object ? own : default;

    public IEnumerable<JsonProperty> Members => _members.ValueKind is JsonValueKind.Object ? _members.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    public JsonElement? Value(string name) => Member(_members, name);

    public string? Text(string name) => TextOf(_members, name);

    public DateTimeOffset? Time(string name) => Text(name) is { } text && (Rfc3339.TryParse(text, out var time) || Rfc3339.TryParseDate(text, out time)) ? time : null;

    public JsonElement? Amount(string name) => Value(name) is { } amount && IsAmount(amount) ? amount : null;

    public static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    public static string? TextOf(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static bool IsAmount(JsonElement amount) =>
        Member(amount, "amount") is { ValueKind: JsonValueKind.Number } && TextOf(amount, "currency") is { Length: > 0 };

    public static bool IsPositiveAmount(JsonElement amount) =>
        IsAmount(amount) && amount.GetProperty("amount").GetRawText() is var digits && digits[0] != '-';
}
