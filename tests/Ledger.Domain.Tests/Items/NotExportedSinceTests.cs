using System.Globalization;
using Ledger.Domain.Items;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Items.ItemEvent;

namespace Ledger.Domain.Tests.Items;

/// <summary>
/// Ten entries and the polls of system "erp" at minute 10. M3 is a mark recorded at minute 3, U5 a re-opening at minute 5;
/// "all" is what a poll from the beginning of time returns: everything was unexported once.
/// </summary>
public class NotExportedSinceTests
{
    private static readonly SystemId Erp = new("erp");

    private static readonly (int Entry, string System, string History)[] Ledger =
    [
        (1, "erp", ""), (2, "erp", "M3"), (3, "erp", "M7"), (4, "erp", "M3 M7"), (5, "erp", "M3 U5"), (6, "erp", "M3 U5 M8"),
        (7, "erp", "M7"), (8, "erp", ""), (9, "wms", "M3"), (10, "erp", "M4"),
    ];

    [Theory]
    [InlineData(null, "1 5 8 9")]
    [InlineData(10, "1 5 8 9")]
    [InlineData(7, "1 5 6 8 9")]
    [InlineData(4, "1 3 5 6 7 8 9")]
    [InlineData(0, "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(12, "1 5 8 9")]
    public void Returns_what_has_not_been_exported_ever_since(int? since, string expected) =>
        Returned(since).ShouldBe(expected);

    [Fact]
    public void Counts_a_mark_recorded_at_that_very_moment_as_exported()
    {
        var exported = Item(Erp, 10);
        ExportedSince.Lacks(exported, Clock.At(4)).ShouldBeFalse();
        ExportedSince.Lacks(exported, Clock.At(4).AddMicroseconds(-1)).ShouldBeTrue();
    }

    [Fact]
    public void A_system_never_seen_has_exported_nothing() =>
        Ledger.ShouldAllBe(line => ExportedSince.Lacks(Item(new("never-seen"), line.Entry), null));

    private static string Returned(int? since) =>
        string.Join(' ', Ledger.Select(line => line.Entry).Where(entry => ExportedSince.Lacks(Item(Erp, entry), since is { } minute ? Clock.At(minute) : null)));

    /// <summary>The fold of the one stream that belongs to this system and entry.</summary>
    private static ItemState Item(SystemId system, int entry)
    {
        var stream = StreamIds.Of(system, EntryId(entry));
        return AnItem.Rules.Fold(Ledger.Where(line => StreamIds.Of(new SystemId(line.System), EntryId(line.Entry)) == stream).SelectMany(line => Events(line.History)));
    }

    private static RecordId EntryId(int entry) => new(entry.ToString(CultureInfo.InvariantCulture));

    private static IEnumerable<(ItemEvent, DateTimeOffset)> Events(string history) =>
        from word in history.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let @event = word[0] == 'M' ? (ItemEvent)new RecordMarkedExported(null, null) : new ExportReopened(null)
        select (@event, Clock.At(int.Parse(word[1..], CultureInfo.InvariantCulture)));
}
