using Ledger.Projections.Writing;

namespace Ledger.Projections.Tests.Writing;

public sealed class EventIdsTests
{
    [Fact]
    public void Ids_are_version_7_of_their_time_and_never_the_same()
    {
        var time = new DateTimeOffset(2026, 5, 4, 8, 0, 0, 123, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var ids = Enumerable.Range(0, 10_000).Select(_ => EventIds.Next(time)).ToList();

        ids.ShouldAllBe(id => id.Version == 7 && (id.Variant & 0xC) == 0x8);
        ids.ShouldAllBe(id => Convert.ToInt64(id.ToString("N").Substring(0, 12), 16) == time);
        ids.Distinct().Count().ShouldBe(ids.Count);
    }
}
