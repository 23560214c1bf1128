using FsCheck;
using FsCheck.Fluent;
using Ledger.EventStore.Log;

namespace Ledger.EventStore.Tests.Log;

public sealed class FlushSharesTests
{
    [Fact]
    public void Everybody_gets_everything_while_it_fits() => FlushShares.Of([3, 1, 7], 11).ShouldBe([3L, 1, 7]);

    [Fact]
    public void A_backlog_gets_what_the_others_leave() => FlushShares.Of([1_000_000, 2, 3], 100).ShouldBe([95L, 2, 3]);

    [Fact]
    public void Two_backlogs_share_alike() => FlushShares.Of([1_000_000, 10, 2_000_000], 110).ShouldBe([50L, 10, 50]);

    [Fact]
    public void More_tenants_than_events_get_one_each_as_far_as_they_go() => FlushShares.Of([5, 5, 5], 2).Order().ShouldBe([0L, 1, 1]);

    [Fact]
    public void Whatever_waits_nobody_gets_more_than_that_and_nothing_is_held_back_for_nobody() =>
        Prop.ForAll(Gen.Choose(1, 50).Select(waiting => (long)waiting).NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 400).ToArbitrary(), (waiting, limit) =>
        {
            var shares = FlushShares.Of([.. waiting], limit);
            shares.Zip(waiting).All(pair => pair.First >= 0 && pair.First <= pair.Second).ShouldBeTrue();
            // A rest smaller than the number of those who could still take it may be left by the division.
            (Math.Min(waiting.Sum(), limit) - shares.Sum()).ShouldBeInRange(0, waiting.Count - 1);
            shares.Sum().ShouldBeGreaterThan(0);
        }).QuickCheckThrowOnFailure();
}
