using Ledger.EventStore.Migrations;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>Times that run backwards between streams, as clocks that are set back and long transactions make them.</summary>
public sealed class RecordedOrderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData(1, 40, 5_000)]
    [InlineData(2, 40, 7)]
    [InlineData(3, 160, 100)]
    public async Task Finds_for_every_moment_the_longest_prefix_recorded_up_to_it(int seed, int appends, int batch)
    {
        var recorded = await RecordAsync(new Random(seed), appends, batch);
        var order = new RecordedOrder(_ledger.DataSource);

        foreach (var time in Enumerable.Range(-1, 103).Select(second => Start.AddSeconds(second)).Append(DateTimeOffset.MinValue).Append(DateTimeOffset.MaxValue))
        {
            var later = recorded.FindIndex(at => at > time);
            (await order.PositionAtAsync(_tenant, time, Cancellation)).ShouldBe(later < 0 ? new(recorded.Count, false) : new(later, true), $"at {time:O}");
        }
        foreach (var position in (long[])[0, 1, 2, 255, 256, 257, 511, 512, 513, recorded.Count])
        {
            if (position <= recorded.Count) (await order.MomentOfAsync(_tenant, position, Cancellation)).ShouldBe(position == 0 ? null : recorded.Take((int)position).Max(), $"position {position}");
        }
        var latest = recorded.Select((_, index) => recorded.Take(index + 1).Max());
        var step = recorded.Zip(latest, (at, max) => max - at).Max();
        (await _ledger.ScalarAsync<long>("select back_step from ledger.tenant_heads where tenant_id = $1", _tenant)).ShouldBe((long)step.TotalMicroseconds);
    }

    [Fact]
    public async Task Is_the_same_when_a_migration_makes_it_of_a_history_sealed_before()
    {
        await RecordAsync(new Random(4), 120, 50);
        var kept = await KeptAsync();
        await _ledger.ExecuteAsync("drop table ledger.recorded_order; alter table ledger.tenant_heads drop column latest, drop column back_step");

        await using (var connection = await _ledger.DataSource.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var migrate = new Npgsql.NpgsqlCommand(Migration.EventStore.Single(migration => migration.Name == "recorded-order").Sql, connection);
            await migrate.ExecuteNonQueryAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        (await KeptAsync()).ShouldBe(kept);
        kept.ShouldContain(" 256 ");
    }

    [Fact]
    public async Task Waits_for_what_was_committed_before_and_for_nothing_else()
    {
        var order = new RecordedOrder(_ledger.DataSource);
        await using var open = await HandHeldAppend.BeginAsync(_ledger, _tenant);
        await open.LockAsync("open", expectedVersion: 0);
        await open.InsertAsync();
        (await order.WaitUntilSealedAsync(_tenant, Cancellation)).ShouldBeTrue("an open transaction has committed nothing");
        await _ledger.Store.MustAppendAsync(_tenant, Sample.To("a", 0));
        (await order.WaitUntilSealedAsync(LedgerDatabase.NewTenant(), Cancellation)).ShouldBeTrue("it is another tenant's");

        var waiting = order.WaitUntilSealedAsync(_tenant, Cancellation);
        await Task.Delay(50, Cancellation);
        waiting.IsCompleted.ShouldBeFalse();
        await (await _ledger.LeadAsync()).SealAllAsync();

        (await waiting).ShouldBeTrue();
        await open.CommitAsync();
    }

    // Each append takes some streams at a random time; inside a stream the store itself never lets time run backwards.
    private async Task<List<DateTimeOffset>> RecordAsync(Random random, int appends, int batch)
    {
        var clock = new ManualClock(Start);
        var store = new EventStore(_ledger.DataSource, clock);
        var versions = new long[12];
        var sealer = await _ledger.LeadAsync();
        for (var append = 0; append < appends; append++)
        {
            clock.Now = Start.AddSeconds(random.Next(100));
            var stream = random.Next(versions.Length);
            var count = random.Next(1, 8);
            await store.MustAppendAsync(_tenant, Sample.To($"s{stream}", versions[stream], count));
            versions[stream] += count;
            if (random.Next(3) == 0) await sealer.SealAllAsync(batch);
        }
        await sealer.SealAllAsync(batch);
        return [.. (await store.ReadFeedAsync(_tenant, 0, int.MaxValue, Cancellation)).Select(read => read.RecordedAt)];
    }

    private Task<string> KeptAsync() => _ledger.ScalarAsync<string>("""
        select string_agg(line, E'\n' order by line) from (
          select concat_ws(' ', tenant_id, position, latest, back_step) as line from ledger.tenant_heads
          union all select concat_ws(' ', tenant_id, position, latest) from ledger.recorded_order) kept
        """);
}
