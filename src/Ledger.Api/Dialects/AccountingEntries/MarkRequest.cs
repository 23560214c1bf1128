using System.Globalization;
using System.Text.Json;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>One element of a mark call, as sent.</summary>
/// <param name="Index">Its place in the request; faults found later name it.</param>
/// <param name="Note">Verbatim; null when absent, null or empty.</param>
internal sealed record Mark(int Index, long EntryId, string SystemId, string? Note);

/// <summary>Reads the body of mark-as-exported. All of it is right or none of it is used.</summary>
internal static class MarkRequest
{
    public const int MaxElements = 10;
    public const int MaxNoteLength = 5000;
    private const string Root = "accounting_entries";

    /// <returns>The marks in request order, before equal ones are collapsed. Holds only if no fault was reported.</returns>
    public static IReadOnlyList<Mark> Parse(JsonElement body, ICollection<InputFault> faults)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(Root, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            faults.Add(new InputFault(Root, "is required"));
            return [];
        }
        if (list.ValueKind != JsonValueKind.Array)
        {
            faults.Add(new InputFault(Root, "must be a list"));
            return [];
        }
        // The length as sent counts: ten different entries said twice are twenty elements.
        if (list.GetArrayLength() is < 1 or > MaxElements)
        {
            faults.Add(new InputFault(Root, $"must have 1 to {MaxElements} elements; {list.GetArrayLength()} were sent"));
            return [];
        }
        return [.. list.EnumerateArray().Select((element, index) => Read(index, element, faults))];
    }

    private static Mark Read(int index, JsonElement element, ICollection<InputFault> faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new InputFault($"{Root}.{index}", "must be an object"));
            return new Mark(index, 0, "", null);
        }
        return new Mark(
            index,
            ReadEntryId($"{Root}.{index}.accounting_entry_id", Member(element, "accounting_entry_id"), faults),
            ReadSystemId($"{Root}.{index}.system_id", Member(element, "system_id"), faults),
            ReadNote($"{Root}.{index}.note", Member(element, "note"), faults));
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static long ReadEntryId(string name, JsonElement? sent, ICollection<InputFault> faults)
    {
        var digits = sent?.ValueKind switch
        {
            JsonValueKind.Number => sent.Value.GetRawText(),
            JsonValueKind.String => sent.Value.GetString(),
            _ => null,
        };
        if (digits is not null
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && id > 0 && digits[0] != '0') return id;
        faults.Add(new InputFault(name, sent is null ? "is required" : "must be a whole number from 1 to 9223372036854775807"));
        return 0;
    }

    private static string ReadSystemId(string name, JsonElement? sent, ICollection<InputFault> faults)
    {
        var problem = sent?.ValueKind switch
        {
            null => "is required",
            JsonValueKind.String => SystemIdText.Problem(sent.Value.GetString()!.Trim()),
            _ => "must be text",
        };
        if (problem is null) return sent!.Value.GetString()!.Trim();
        faults.Add(new InputFault(name, problem));
        return "";
    }

    private static string? ReadNote(string name, JsonElement? sent, ICollection<InputFault> faults)
    {
        if (sent is null) return null;
        var problem = sent.Value.ValueKind != JsonValueKind.String ? "must be text"
            : sent.Value.GetString()!.EnumerateRunes().Count() > MaxNoteLength ? $"has more than {MaxNoteLength} characters"
            : sent.Value.GetString()!.Contains('\0', StringComparison.Ordinal) ? "has a NUL character"
            : null;
        if (problem is not null) faults.Add(new InputFault(name, problem));
        return problem is null && sent.Value.GetString() is { Length: > 0 } note ? note : null;
    }
}
