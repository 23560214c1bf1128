namespace Ledger.EventStore.Tests.Appending;

/// <summary>An import fills an empty ledger faster than PostgreSQL notices: plans made on an empty table are still in use then.</summary>
public sealed class GrowingTablesTests
{
    [Fact]
    public async Task An_append_reads_the_rows_of_its_own_streams_and_no_others_however_small_the_tables_were_at_first()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        await ledger.ExecuteAsync("alter table ledger.mt_streams set (autovacuum_enabled = false)");   // statistics stay as they are
        var tenant = LedgerDatabase.NewTenant();
        const int Batches = 60, Streams = 20;
        await using (var writers = LedgerDataSource.Create(ledger.ConnectionString))
        {
            var store = new EventStore(writers);
            for (var expected = 0; expected < 2; expected++)
                for (var batch = 0; batch < Batches; batch++)
                    await store.MustAppendAsync(tenant, [.. Enumerable.Range(0, Streams).Select(number => Sample.To($"item/{batch}/{number}", expected))]);
        }
        const long Touched = 2 * Batches * Streams;

        // Sessions hand in their figures when they end.
        await Waiting.UntilAsync("all appends are counted", async () => await FigureAsync("n_tup_ins + n_tup_upd") == Touched);
        (await FigureAsync("coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)")).ShouldBeLessThanOrEqualTo(3 * Touched);

        Task<long> FigureAsync(string figure) => ledger.ScalarAsync<long>($"select {figure} from pg_stat_user_tables where relid = 'ledger.mt_streams'::regclass");
    }
}
