using Ledger.EventStore.Sealing;
using Ledger.EventStore.Tests.Appending;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>What a batch of the sealer costs, counted in round trips and statements.</summary>
public sealed class CostOfSealingTests
{
    [Fact]
    public async Task A_batch_takes_as_many_round_trips_for_a_thousand_events_of_many_tenants_as_for_a_few_of_one()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        using var tap = new WireTap(ledger.ConnectionString);
        await using var dataSource = LedgerDataSource.Create(tap.ConnectionString);
        var sealer = await Sealer.LeadAsync(dataSource, TestContext.Current.CancellationToken);
        string[] tenants = [.. Enumerable.Range(0, 20).Select(_ => LedgerDatabase.NewTenant())];
        for (var warm = 0; warm < 3; warm++) await SealAsync(20, 1);   // the tenants are known, and every statement has its prepared plan

        var few = await SealAsync(1, 3);
        var many = await SealAsync(20, 50);

        many.ShouldBe(few);
        few.RoundTrips.ShouldBeLessThanOrEqualTo(6);   // is there anything, begin, fence, what is not sealed, the writes, commit

        async Task<(int RoundTrips, int Statements)> SealAsync(int count, int events)
        {
            foreach (var tenant in tenants[..count]) await ledger.Store.MustAppendAsync(tenant, [.. Enumerable.Range(0, events).Select(_ => Sample.To($"item/{Guid.NewGuid()}", 0))]);
            var (roundTrips, statements) = (tap.RoundTrips, tap.Statements);
            (await sealer.SealAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(count * events);
            return (tap.RoundTrips - roundTrips, tap.Statements - statements);
        }
    }
}
