using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.EventStore.Tests.Reading;

/// <summary>The same as for appends: plans made on an empty ledger are kept while it fills.</summary>
public sealed class GrowingTablesTests
{
    [Fact]
    public async Task Reading_and_sealing_touch_the_rows_they_answer_with_and_no_others_however_small_the_tables_were_at_first()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        await ledger.ExecuteAsync("alter table ledger.mt_events set (autovacuum_enabled = false); alter table ledger.event_positions set (autovacuum_enabled = false)");
        var tenant = LedgerDatabase.NewTenant();
        const int Batches = 100, Streams = 20;
        const long Appended = Batches * Streams;
        await using (var dataSource = LedgerDataSource.Create(ledger.ConnectionString + ";Maximum Pool Size=1"))
        {
            var store = new EventStore(dataSource);
            var sealer = await Sealer.LeadAsync(dataSource, TestContext.Current.CancellationToken);
            for (var batch = 0; batch < Batches; batch++)
            {
                string[] streams = [.. Enumerable.Range(0, Streams).Select(number => $"item/{batch}/{number}")];
                await store.MustAppendAsync(tenant, [.. streams.Select(stream => Sample.To(stream, 0))]);
                await sealer.SealAsync(cancellationToken: TestContext.Current.CancellationToken);
                (await LagAsync(dataSource)).ShouldBe(TimeSpan.Zero);
                (await store.ReadStreamAsync(tenant, streams[0], cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(1);
                (await store.ReadStreamsAsync(tenant, streams, cancellationToken: TestContext.Current.CancellationToken)).Count.ShouldBe(Streams);
                (await store.ReadFeedAsync(tenant, batch * Streams, Streams, TestContext.Current.CancellationToken)).Count.ShouldBe(Streams);
                (await store.ReadLedgerAsync(batch * Streams, Streams, TestContext.Current.CancellationToken)).Count.ShouldBe(Streams);
            }
        }

        await Waiting.UntilAsync("all appends are counted", async () => await FigureAsync("mt_events", "n_tup_ins") == Appended);
        (await FigureAsync("mt_events", "coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)")).ShouldBeLessThanOrEqualTo(8 * Appended);
        (await FigureAsync("event_positions", "coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)")).ShouldBeLessThanOrEqualTo(8 * Appended);

        static async Task<TimeSpan> LagAsync(NpgsqlDataSource dataSource)
        {
            await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
            return await SealingLag.ReadAsync(connection, TestContext.Current.CancellationToken);
        }

        Task<long> FigureAsync(string table, string figure) => ledger.ScalarAsync<long>($"select {figure} from pg_stat_user_tables where schemaname = 'ledger' and relname = $1", table);
    }
}
