namespace Ledger.EventStore.Tests.Sealing;

/// <summary>Runs after the tests that run side by side, each of which completes transactions on the same server.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NothingElseOnTheServer
{
    public const string Name = "Nothing else on the server";
}

/// <summary>The tempting rule for passing a gap, shown to lose what the sealer keeps.</summary>
[Collection(NothingElseOnTheServer.Name)]
public sealed class XmaxDatedRuleTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    /// <remarks>
    /// A snapshot's xmax is one past the highest completed id, not the highest assigned one. The rule only goes wrong while no
    /// transaction with a later id completes anywhere on the server: hence a run with nothing beside it, and several attempts for a
    /// server that has other users.
    /// </remarks>
    [Fact]
    public async Task A_writer_that_is_the_newest_transaction_of_the_server_is_waited_for_and_dating_by_xmax_would_lose_its_events()
    {
        var sealer = await _ledger.LeadAsync();
        var rule = new XmaxDatedRule(_ledger);
        var lost = false;
        for (var attempt = 1; attempt <= 200 && !lost; attempt++)
        {
            await _ledger.Store.MustAppendAsync(_tenant, Sample.To($"before/{attempt}", 0, count: 4));
            await sealer.SealAllAsync();

            await using var second = await HandHeldAppend.BeginAsync(_ledger, _tenant);
            await second.TakeTransactionIdAsync();
            await using var first = await HandHeldAppend.BeginAsync(_ledger, _tenant);
            await first.TakeTransactionIdAsync();
            await first.LockAsync($"first/{attempt}", expectedVersion: 0);
            var missing = (await first.InsertAsync()).Single();
            await second.LockAsync($"second/{attempt}", expectedVersion: 0);
            (await second.InsertAsync()).ShouldBe([missing + 1]);
            await second.CommitAsync();

            for (var pass = 0; pass < 3; pass++) await rule.PassAsync();
            lost = rule.HasLost(missing);

            for (var pass = 0; pass < 3; pass++) await sealer.SealAllAsync();
            (await _ledger.SealedVersionsAsync(_tenant, $"second/{attempt}")).ShouldBe([1], "the open writer delays nobody");
            (await _ledger.SettledAsync()).ShouldBeLessThan(missing);

            await first.CommitAsync();
            await rule.PassAsync();
            rule.HasLost(missing).ShouldBe(lost, "what was given up stays lost");
            await sealer.SealAllAsync();
            (await _ledger.SealedVersionsAsync(_tenant, $"first/{attempt}")).ShouldBe([1]);
        }

        lost.ShouldBeTrue("the rule dated by xmax was expected to lose the open writer's event");
        await _ledger.ShouldBeSealedCompletelyAsync();
    }
}
