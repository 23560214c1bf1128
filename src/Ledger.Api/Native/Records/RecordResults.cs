using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;

namespace Ledger.Api.Native.Records;

/// <summary>Why one element of a batch is not applied; the others are.</summary>
internal sealed record ItemProblem(string Code, string Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FaultDetail>? Errors = null)
{
    /// <param name="prefix">Pointer of the element in the body; the faults' own pointers start at the element.</param>
    public static ItemProblem Of(JsonFaults faults, string prefix)
    {
        var errors = faults.Details.Select(detail => detail with { Pointer = prefix + detail.Pointer }).ToList();
        return new("invalid_record", errors is [var only] ? $"{(only.Pointer.Length == 0 ? "The record" : only.Pointer)}: {only.Message}" : $"The record has {errors.Count} faults.", errors);
    }
}

/// <param name="Line">Of an NDJSON body, from 1; null for JSON.</param>
/// <param name="Status">registered, revised, unchanged or rejected.</param>
internal sealed record RecordResult(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Line, string? Id, string Status, long? Number, Guid? Uuid, long? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ItemProblem? Problem)
{
    public static RecordResult Of(RegisteredRecord record, long? line) => new(line, record.Id.Value, NativeWords.Of(record.Status), record.Number, record.Uuid, record.Version, null);

    public static RecordResult Rejected(string? id, ItemProblem problem, long? line) => new(line, id, "rejected", null, null, null, problem);

    /// <summary>The id as sent, if there is one: what a caller finds its rejected record by.</summary>
    public static string? IdOf(JsonElement record) =>
        record.ValueKind is JsonValueKind.Object && record.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String ? id.GetString() : null;
}

internal sealed class RecordCounts
{
    public long Registered { get; set; }
    public long Revised { get; set; }
    public long Unchanged { get; set; }
    public long Rejected { get; set; }

    public void Add(RecordResult result)
    {
        switch (result.Status)
        {
            case "registered": Registered++; break;
            case "revised": Revised++; break;
            case "unchanged": Unchanged++; break;
            default: Rejected++; break;
        }
    }
}
