using System.Collections.Concurrent;
using Ledger.EventStore.Sealing;

namespace Ledger.EventStore.Tests.Sealing;

public sealed class RacingWritersTests : IAsyncLifetime
{
    private const int Writers = 32, Streams = 50;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    private readonly string[] _tenants = [LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant()];
    private readonly ConcurrentBag<long> _wasted = [];
    private LedgerDatabase _ledger = null!;
    private int _appended;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Are_sealed_without_inversion_gap_or_loss_and_every_subscriber_sees_each_event_once_in_order()
    {
        using var sealing = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var loop = new SealingLoop(_ledger.Store);
        var running = loop.RunAsync(sealing.Token);
        using var finished = new CancellationTokenSource();
        var subscriber = FollowAsync((after, limit) => _ledger.Store.ReadLedgerAsync(after, limit), finished.Token);
        var tenantSubscriber = FollowAsync((after, limit) => _ledger.Store.ReadFeedAsync(_tenants[0], after, limit), finished.Token);

        await using var leftOpen = await HandHeldAppend.BeginAsync(_ledger, _tenants[0]);
        await leftOpen.LockAsync("left-open", expectedVersion: 0);
        await leftOpen.InsertAsync(count: 5);
        var end = DateTime.UtcNow + Duration;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(new Random(writer), end))));
        await leftOpen.InsertAsync(count: 5);
        await leftOpen.CommitAsync();

        var total = await _ledger.ScalarAsync<long>("select count(*) from ledger.mt_events");
        total.ShouldBe(_appended + 10);
        await Waiting.UntilAsync("everything is sealed", async () => await _ledger.ScalarAsync<long>("select sequence from ledger.sealer") == total);
        await Waiting.UntilAsync("all wasted numbers are settled", async () => await _ledger.SettledAsync() == await _ledger.ScalarAsync<long>("select max(seq_id) from ledger.mt_events"));
        (await _ledger.ShouldBeSealedCompletelyAsync()).ShouldBe(total);
        _wasted.Count.ShouldBeGreaterThan(10, "rollbacks were part of the race");

        await finished.CancelAsync();
        InOrder(await subscriber, total);
        InOrder(await tenantSubscriber, await _ledger.Store.HeadAsync(_tenants[0], TestContext.Current.CancellationToken));
        await sealing.CancelAsync();
        await running;
    }

    // Half of the appends go through the store, half take their time between the same steps; one in eight of those gives up.
    private async Task WriteAsync(Random random, DateTime end)
    {
        while (DateTime.UtcNow < end)
        {
            var (tenant, stream, count) = (_tenants[random.Next(_tenants.Length)], $"stream/{random.Next(Streams)}", random.Next(1, 4));
            var version = await _ledger.ScalarAsync<long>("select coalesce((select version from ledger.mt_streams where tenant_id = $1 and id = $2), 0)", tenant, stream);
            if (random.Next(2) == 0)
            {
                if (await _ledger.Store.AppendAsync(tenant, Sample.To(stream, version, count)) is AppendResult.Appended) Interlocked.Add(ref _appended, count);
            }
            else
            {
                await SlowlyAsync(random, tenant, stream, version, count);
            }
        }
    }

    private async Task SlowlyAsync(Random random, string tenant, string stream, long version, int count)
    {
        await using var append = await HandHeldAppend.BeginAsync(_ledger, tenant);
        if (random.Next(2) == 0) await append.TakeTransactionIdAsync();
        await PauseAsync(random);
        if (!await append.LockAsync(stream, version)) return;
        await PauseAsync(random);
        var drawn = await append.InsertAsync(count);
        await PauseAsync(random);
        if (random.Next(8) == 0)
        {
            await append.RollBackAsync();
            foreach (var seqId in drawn) _wasted.Add(seqId);
        }
        else
        {
            await append.CommitAsync();
            Interlocked.Add(ref _appended, count);
        }
    }

    private static Task PauseAsync(Random random) => random.Next(3) == 0 ? Task.Delay(random.Next(25)) : Task.CompletedTask;

    // Reads on from the last number it has seen, as a projection does, and once more when told to finish.
    private static async Task<List<RecordedEvent>> FollowAsync(Func<long, int, Task<List<RecordedEvent>>> readAfter, CancellationToken finish)
    {
        var seen = new List<RecordedEvent>();
        while (true)
        {
            var last = finish.IsCancellationRequested;
            var page = await readAfter(seen.Count, 200);
            seen.AddRange(page);
            if (page.Count == 200) continue;
            if (last) return seen;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static void InOrder(List<RecordedEvent> seen, long total)
    {
        seen.Count.ShouldBe((int)total);
        seen.Select(read => read.SeqId).Distinct().Count().ShouldBe(seen.Count);
        foreach (var stream in seen.GroupBy(read => (read.TenantId, read.StreamId)))
            stream.Select(read => read.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(version => (long)version), stream.Key.ToString());
    }
}
