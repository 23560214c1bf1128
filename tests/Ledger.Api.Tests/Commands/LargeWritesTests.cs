using Ledger.Api.Commands;
using Ledger.Projections.Gathering;

namespace Ledger.Api.Tests.Commands;

/// <summary>Large writes take turns; the room of each comes back, whatever became of it.</summary>
public sealed class LargeWritesTests : IDisposable
{
    private const int Half = LargeWrites.ItemsAtOnce / 2;

    private readonly LargeWrites _large = new(TimeSpan.FromMinutes(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Small_writes_never_wait()
    {
        using var all = await EnterAsync("a", LargeWrites.ItemsAtOnce);

        _large.EnterAsync(Of("a"), LargeWrites.MaxSmall, Token).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task What_exceeds_the_room_waits_first_come_first_served()
    {
        var first = await EnterAsync("a", Half);
        var second = await EnterAsync("b", Half);
        var third = _large.EnterAsync(Of("c"), LargeWrites.ItemsAtOnce, Token);
        var fourth = _large.EnterAsync(Of("d"), Half, Token);

        first.Dispose();
        (third.IsCompleted, fourth.IsCompleted).ShouldBe((false, false));
        second.Dispose();
        var room = await third;
        fourth.IsCompleted.ShouldBeFalse();
        room!.Dispose();
        (await fourth)!.Dispose();
    }

    [Fact]
    public async Task More_than_the_largest_job_takes_the_whole_room_and_not_more()
    {
        using var room = await EnterAsync("a", LargeWrites.ItemsAtOnce * 2);
    }

    [Fact]
    public async Task Two_of_a_tenant_are_in_the_line_and_not_a_third()
    {
        using var one = await EnterAsync("a", 1_500);
        var two = await EnterAsync("a", 1_500);
        var three = _large.EnterAsync(Of("a"), 1_500, Token);

        using var others = await EnterAsync("b", 1_500);
        three.IsCompleted.ShouldBeFalse();
        two.Dispose();
        (await three)!.Dispose();
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_taken()
    {
        using var caller = new CancellationTokenSource();
        var all = await EnterAsync("a", LargeWrites.ItemsAtOnce);
        var waiting = _large.EnterAsync(Of("b"), Half, caller.Token);

        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        all.Dispose();
        (await EnterAsync("b", LargeWrites.ItemsAtOnce)).Dispose();
        (await EnterAsync("b", LargeWrites.ItemsAtOnce)).Dispose();
    }

    [Fact]
    public async Task Nobody_waits_without_an_end()
    {
        using var impatient = new LargeWrites(TimeSpan.FromMilliseconds(20));
        using var all = await impatient.EnterAsync(Of("a"), LargeWrites.ItemsAtOnce, Token);

        await Should.ThrowAsync<CrowdedException>(impatient.EnterAsync(Of("b"), Half, Token));
        await Should.ThrowAsync<CrowdedException>(impatient.EnterAsync(Of("a"), Half, Token));
    }

    [Fact]
    public async Task A_tenants_line_has_an_end()
    {
        using var caller = new CancellationTokenSource();
        using var all = await EnterAsync("a", LargeWrites.ItemsAtOnce);
        var waiting = Enumerable.Range(0, 51).Select(_ => _large.EnterAsync(Of("a"), Half, caller.Token)).ToList();

        await Should.ThrowAsync<CrowdedException>(_large.EnterAsync(Of("a"), Half, Token));
        await caller.CancelAsync();
        foreach (var one in waiting) await Should.ThrowAsync<OperationCanceledException>(one);
    }

    [Fact]
    public async Task A_write_that_waits_for_its_answer_holds_its_room_until_then_and_only_once()
    {
        using var deferred = new DeferredWrite(DateTimeOffset.UnixEpoch);
        (await _large.EnterAsync(Of("a") with { Deferred = deferred }, LargeWrites.ItemsAtOnce, Token)).ShouldBeNull();
        (await _large.EnterAsync(Of("a") with { Deferred = deferred }, LargeWrites.ItemsAtOnce, Token)).ShouldBeNull();
        var other = _large.EnterAsync(Of("b"), Half, Token);

        other.IsCompleted.ShouldBeFalse();
        deferred.Dispose();
        (await other)!.Dispose();
    }

    public void Dispose() => _large.Dispose();

    private async Task<IDisposable> EnterAsync(string tenant, int items) => (await _large.EnterAsync(Of(tenant), items, Token)).ShouldNotBeNull();

    private static CommandContext Of(string tenant) => new(tenant, "client", "native", "correlation");
}
