using Ledger.Projections.Rebuild;

namespace Ledger.Projections.Tests.Rebuild;

/// <summary>Temporary files of the size of a ledger: a rebuild that is killed must not leave them behind.</summary>
public sealed class EventSpillTests
{
    [Fact]
    public void Files_have_no_name_while_they_are_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Open files keep their names there.");
        using var spill = new EventSpill(events: 50_000);
        spill.Files.ShouldBe(5);
        Directory.Exists(spill.Folder).ShouldBeFalse();
    }
}
