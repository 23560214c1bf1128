using System.Globalization;
using System.Text.Json;
using Ledger.Api.Input;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>The member <c>accountingEntryIds</c>: at least one UUID; a repeated one counts once.</summary>
internal static class EntryIds
{
    private const string Member = "accountingEntryIds";

    public static IReadOnlyList<Guid> Read(JsonMembers members, JsonFaults faults)
    {
        if (members.Value(Member) is not { ValueKind: JsonValueKind.Array } array)
        {
            if (members.IsPresent) members.Fault(Member, members.Value(Member) is null ? "Is missing." : "Must be an array.");
            return [];
        }
        if (array.GetArrayLength() == 0) members.Fault(Member, "Must not be empty.");
        var distinct = new HashSet<Guid>(array.GetArrayLength());
        var ids = new List<Guid>(array.GetArrayLength());
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind is not JsonValueKind.String || !Guid.TryParseExact(element.GetString(), "D", out var id))
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{members.Pointer(Member)}/{index}"), "Must be a UUID.");
            else if (distinct.Add(id)) ids.Add(id);
            index++;
        }
        return ids;
    }
}
