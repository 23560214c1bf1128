namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>All that one call says about one entry in one system: one event, whatever the number of elements.</summary>
/// <param name="Note">The different notes of its elements, each on a line of its own, in the order sent.</param>
internal sealed record CollapsedMark(long EntryId, string SystemId, string? Note)
{
    public static IReadOnlyList<CollapsedMark> Of(IEnumerable<Mark> marks) =>
        [.. marks.GroupBy(mark => (mark.EntryId, mark.SystemId)).Select(group => new CollapsedMark(group.Key.EntryId, group.Key.SystemId, Joined(group)))];

    private static string? Joined(IEnumerable<Mark> marks)
    {
        var notes = marks.Select(mark => mark.Note).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return notes.Count == 0 ? null : string.Join('\n', notes);
    }
}
