using System.Collections.Concurrent;
using Npgsql;

namespace Ledger.EventStore.Tests.Appending;

/// <summary>Batches that share streams, named in any order, wait for each other and never in a circle.</summary>
public sealed class OverlappingAppendsTests
{
    private const int Writers = 16, BatchesPerWriter = 250, ExistingStreams = 30;

    [Fact]
    public async Task Thousands_of_random_batches_of_sixteen_writers_meet_no_deadlock()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        var tenant = LedgerDatabase.NewTenant();
        var outcomes = new ConcurrentBag<AppendResult>();
        var events = 0L;
        await using (var writers = LedgerDataSource.Create(ledger.ConnectionString))
        {
            var store = new EventStore(writers);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
            {
                var random = new Random(writer);
                for (var batch = 0; batch < BatchesPerWriter; batch++)
                {
                    var streams = await RandomBatchAsync(ledger, tenant, random, batch);
                    var outcome = await store.AppendAsync(tenant, streams);   // a deadlock would come as an exception
                    outcomes.Add(outcome);
                    if (outcome is AppendResult.Appended) Interlocked.Add(ref events, streams.Sum(stream => stream.Events.Count));
                }
            })));
        }

        outcomes.Count.ShouldBe(Writers * BatchesPerWriter);
        outcomes.OfType<AppendResult.Appended>().Count().ShouldBeGreaterThan(200);
        outcomes.OfType<AppendResult.Conflict>().Count().ShouldBeGreaterThan(200, "the batches did overlap");
        (await DeadlocksAsync(ledger)).ShouldBe(0);
        (await ledger.ScalarAsync<long>("select count(*) from ledger.mt_events")).ShouldBe(events);
        (await ledger.ScalarAsync<long>("""
            select count(*) from ledger.mt_streams s
             where version <> (select count(*) from ledger.mt_events e where e.tenant_id = s.tenant_id and e.stream_id = s.id)
                or version <> (select max(version) from ledger.mt_events e where e.tenant_id = s.tenant_id and e.stream_id = s.id)
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task The_figure_that_says_so_does_count_deadlocks()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        var tenant = LedgerDatabase.NewTenant();
        await ledger.Store.MustAppendAsync(tenant, Sample.To("a", 0), Sample.To("b", 0));
        await using (var one = await HandHeldAppend.BeginAsync(ledger, tenant))
        await using (var two = await HandHeldAppend.BeginAsync(ledger, tenant))
        {
            await one.LockAsync("a", expectedVersion: 1);
            await two.LockAsync("b", expectedVersion: 1);
            var circle = Task.WhenAll(one.LockAsync("b", expectedVersion: 1), two.LockAsync("a", expectedVersion: 1));

            (await Should.ThrowAsync<PostgresException>(circle)).SqlState.ShouldBe(PostgresErrorCodes.DeadlockDetected);
        }

        await Waiting.UntilAsync("the deadlock is counted", async () => await DeadlocksAsync(ledger) == 1);
    }

    // Two to twelve streams in any order: existing ones (some only held), ones that everybody wants to create in this round, some wrong versions.
    private static async Task<StreamAppend[]> RandomBatchAsync(LedgerDatabase ledger, string tenant, Random random, int round)
    {
        string[] names = [.. Enumerable.Range(0, ExistingStreams).Select(number => $"old/{number}"), .. Enumerable.Range(0, 6).Select(number => $"new/{round}/{number}")];
        random.Shuffle(names);
        names = names[..random.Next(2, 13)];
        await using var command = ledger.DataSource.CreateCommand("select array(select coalesce(s.version, 0) from unnest($2) with ordinality n (id, place) left join ledger.mt_streams s on s.tenant_id = $1 and s.id = n.id order by place)");
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = names });
        var versions = (long[])(await command.ExecuteScalarAsync())!;
        return [.. names.Select((name, index) => Sample.To(name, random.Next(50) == 0 ? versions[index] + 1 : versions[index], Count(index)))];

        int Count(int index) => index > 0 && versions[index] > 0 ? random.Next(3) : 1 + random.Next(2);
    }

    private static Task<long> DeadlocksAsync(LedgerDatabase ledger) => ledger.ScalarAsync<long>("select deadlocks from pg_stat_database where datname = $1", ledger.Name);
}
