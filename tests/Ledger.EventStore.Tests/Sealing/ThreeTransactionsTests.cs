using Ledger.EventStore.Sealing;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>
/// The transaction that began first appends second: its id is the smaller one, its version the larger one, and an open writer
/// stands between the two ids. Order by transaction id turns the stream round.
/// </summary>
public sealed class ThreeTransactionsTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Sealed_at_the_end_the_versions_are_in_order()
    {
        var sealer = await _ledger.LeadAsync();

        await RunAsync(afterEachStep: () => Task.CompletedTask, whileTheThirdIsOpen: async () =>
        {
            await sealer.SealAllAsync();
            (await _ledger.SealedVersionsAsync(_tenant, "s")).ShouldBe([1, 2], "the open writer delays nobody");
        });

        await SettlesAsync(sealer);
    }

    [Fact]
    public async Task Sealed_after_every_step_the_versions_are_in_order()
    {
        var sealer = await _ledger.LeadAsync();

        await RunAsync(afterEachStep: () => sealer.SealAllAsync(), whileTheThirdIsOpen: () => Task.CompletedTask);

        (await _ledger.SealedVersionsAsync(_tenant, "s")).ShouldBe([1, 2]);
        await SettlesAsync(sealer);
    }

    [Fact]
    public async Task The_popular_rule_delivers_version_2_while_version_1_is_still_hidden()
    {
        var rule = new PopularRule(_ledger);

        await RunAsync(rule.PollAsync, whileTheThirdIsOpen: async () =>
        {
            // A writer elsewhere on this server may be older than all three and hide both for a moment.
            await Waiting.UntilAsync("the rule delivers something", async () => { await rule.PollAsync(); return rule.Delivered.Count > 0; });
            rule.Delivered.ShouldBe([2]);
        });

        await Waiting.UntilAsync("the rule delivers the rest", async () => { await rule.PollAsync(); return rule.Delivered.Count > 1; });
        rule.Delivered.ShouldBe([2, 1]);
    }

    private async Task RunAsync(Func<Task> afterEachStep, Func<Task> whileTheThirdIsOpen)
    {
        await using var second = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        var secondId = await second.TakeTransactionIdAsync();
        await afterEachStep();

        await using var third = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        var thirdId = await third.TakeTransactionIdAsync();
        await afterEachStep();

        await using var first = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        var firstId = await first.TakeTransactionIdAsync();
        (await first.LockAsync("s", expectedVersion: 0)).ShouldBeTrue();
        await first.InsertAsync();
        await first.CommitAsync();
        await afterEachStep();

        (await second.LockAsync("s", expectedVersion: 1)).ShouldBeTrue();
        await second.InsertAsync();
        await afterEachStep();
        await second.CommitAsync();
        await afterEachStep();

        (secondId < thirdId && thirdId < firstId).ShouldBeTrue();
        await whileTheThirdIsOpen();
        await third.RollBackAsync();
        await afterEachStep();
    }

    private async Task SettlesAsync(Sealer sealer)
    {
        await sealer.SealAllAsync();
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(2);
    }
}
