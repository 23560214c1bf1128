using Ledger.Faults.Clients;
using Npgsql;

namespace Ledger.Faults.Lines;

/// <summary>
/// F23: writers who take their transaction id, lock a hot stream, draw their numbers and commit, with a random pause before each step, so that nothing happens in the order it began in. Readers
/// follow the feed of two nodes meanwhile and must miss nothing and see every stream in order.
/// </summary>
internal static class RacingWriters
{
    private const int Writers = 32, StreamsPerTenant = 25;

    public static Line Line { get; } = new("F23 commits in another order than the numbers", async plan =>
    {
        await using var site = await Site.OpenAsync(plan, new() { Nodes = 2 });
        var (events, open) = (plan.Size(quick: 4_000, full: 1_000_000), TimeSpan.FromSeconds(plan.Size(quick: 3, full: 60)));
        // As bare as it gets: no time limits, for one of the writers is open for long.
        await using var database = NpgsqlDataSource.Create(site.Cluster.ConnectionString + ";Maximum Pool Size=60");
        await ExecuteAsync(database, $"insert into ledger.mt_streams (tenant_id, id, type, version) select t.id, 'race/' || n, 'race', 0 from unnest(array['{site.Tenants[0].Id}', '{site.Tenants[1].Id}']) t (id), generate_series(0, {StreamsPerTenant + 1}) n");
        await TurnAroundAsync(database, site.Tenants[0]);

        using var stop = new CancellationTokenSource();
        var readers = site.Tenants.SelectMany(tenant => site.Nodes.Select(node => (Reader: new FeedReader(node.Address, tenant), Tenant: tenant))).ToList();
        var reading = readers.ConvertAll(reader => reader.Reader.RunAsync(stop.Token));
        var left = (long)events;
        var outcomes = new long[2];
        var holding = HoldOpenAsync(database, site.Tenants[1], open);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(database, site, new Random(plan.Seed + writer), plan.Size(quick: 8, full: 100), () => Interlocked.Read(ref left) > 0, written =>
        {
            Interlocked.Add(ref left, -written);
            Interlocked.Increment(ref outcomes[written > 0 ? 0 : 1]);
        })));
        await holding;
        await site.SealedAsync();
        List<string> wrong = [];
        foreach (var (reader, tenant) in readers)
        {
            var head = await site.ScalarAsync<long>($"select count(*) from ledger.mt_events where tenant_id = '{tenant.Id}'");
            await reader.ReachAsync(head);
        }
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        wrong.AddRange(readers.SelectMany(reader => reader.Reader.Wrong).Take(20));
        var (skipped, inverted) = (readers.Sum(reader => reader.Reader.Skipped), readers.Sum(reader => reader.Reader.Inverted));
        // What "ordered by transaction id, up to the oldest open one" delivers is exactly this order.
        var naive = await site.ScalarAsync<long>("""
            select count(*) from (select version < lag(version) over (partition by tenant_id, stream_id order by xmin::text::bigint, seq_id) as is_earlier from ledger.mt_events) e where is_earlier
            """);
        if (naive == 0) wrong.Add("the writers did not race: even the order of transaction ids was right");
        var total = await site.ScalarAsync<long>("select count(*) from ledger.mt_events");
        return new((int)outcomes.Sum())
        {
            Sent = (int)total,
            Wrong = wrong,
            Remarks =
            [
                $"{total:N0} events of {outcomes[0]:N0} transactions by {Writers} writers on {2 * StreamsPerTenant} streams, {outcomes[1]:N0} more rolled back, one left open for {open.TotalSeconds:0} s; "
                + $"{readers.Count} readers saw {readers.Sum(reader => reader.Reader.Read):N0} events, {inverted} in the wrong order, {skipped} skipped; in the order of transaction ids {naive:N0} would have come before the version they follow",
            ],
        };
    });

    private static async Task WriteAsync(NpgsqlDataSource database, Site site, Random random, int most, Func<bool> goesOn, Action<long> done)
    {
        await using var connection = await database.OpenConnectionAsync();
        while (goesOn())
        {
            var (tenant, stream, count) = (site.Tenants[random.Next(2)], $"race/{random.Next(StreamsPerTenant)}", random.Next(1, most + 1));
            await using var transaction = await connection.BeginTransactionAsync();
            await RunAsync(connection, "select pg_current_xact_id()");
            await Task.Delay(random.Next(4));
            await using (var hold = new NpgsqlCommand("select version from ledger.mt_streams where tenant_id = $1 and id = $2 for update", connection) { Parameters = { new() { Value = tenant.Id }, new() { Value = stream } } }) await hold.ExecuteNonQueryAsync();
            await Task.Delay(random.Next(4));
            await AppendAsync(connection, tenant, stream, count);
            await Task.Delay(random.Next(4));
            var isKept = random.Next(20) > 0;
            if (isKept) await transaction.CommitAsync();
            else await transaction.RollbackAsync();
            done(isKept ? count : 0);
        }
    }

    // Its numbers are drawn before almost all others, and come last.
    private static async Task HoldOpenAsync(NpgsqlDataSource database, Tenant tenant, TimeSpan duration)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await AppendAsync(connection, tenant, $"race/{StreamsPerTenant}", 3);
        await Task.Delay(duration);
        await transaction.CommitAsync();
    }

    // The transaction that begins first appends second: its id is the smaller one, its version the larger one.
    private static async Task TurnAroundAsync(NpgsqlDataSource database, Tenant tenant)
    {
        await using var second = await database.OpenConnectionAsync();
        await using var first = await database.OpenConnectionAsync();
        await using var later = await second.BeginTransactionAsync();
        await RunAsync(second, "select pg_current_xact_id()");
        await using (var earlier = await first.BeginTransactionAsync())
        {
            await AppendAsync(first, tenant, $"race/{StreamsPerTenant + 1}", 1);
            await earlier.CommitAsync();
        }
        await AppendAsync(second, tenant, $"race/{StreamsPerTenant + 1}", 1);
        await later.CommitAsync();
    }

    private static async Task AppendAsync(NpgsqlConnection connection, Tenant tenant, string stream, int count)
    {
        await using var append = new NpgsqlCommand("""
            with stream as (update ledger.mt_streams set version = version + $3 where tenant_id = $1 and id = $2 returning version - $3 as before)
            insert into ledger.mt_events (id, stream_id, version, data, type, tenant_id, correlation_id, headers)
            select gen_random_uuid(), $2, before + n, '{}', 'item_exported', $1, 'race', '{"actor": "race", "dialect": "native"}' from stream, generate_series(1, $3) n
            """, connection)
        {
            Parameters = { new() { Value = tenant.Id }, new() { Value = stream }, new() { Value = count } },
        };
        if (await append.ExecuteNonQueryAsync() != count) throw new InvalidOperationException($"Stream {stream} is not there.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
