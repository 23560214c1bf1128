using Npgsql;

namespace Ledger.EventStore.Tests.Log;

/// <summary>The builder's session dies before or after any of its statements: nothing of the flush is left, and the next builder makes it good.</summary>
public sealed class CrashTests
{
    /// <summary>Every statement of a flush that fills a chunk, and its commit. "deferred" fires while the transaction commits.</summary>
    public static TheoryData<string, string> Moments => new()
    {
        { "before insert", "log_leaves" }, { "after insert", "log_leaves" }, { "before delete", "log_leaves" }, { "after delete", "log_leaves" },
        { "before insert", "log_tiles" }, { "after insert", "log_tiles" }, { "before insert", "log_heads" }, { "after update", "log_heads" },
        { "before insert", "log_checkpoints" }, { "after insert", "log_checkpoints" }, { "before update", "log_builder" }, { "after update", "log_builder" }, { "deferred", "log_checkpoints" },
    };

    [Theory, MemberData(nameof(Moments))]
    public async Task Leaves_nothing_of_a_flush_behind(string moment, string table)
    {
        await using var log = await LogUnderTest.CreateAsync();
        var (tenant, other) = (LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant());
        var builder = await log.LeadAsync();
        await log.SealedAsync(tenant, 200);
        await builder.FlushAllAsync();
        await log.SealedAsync(tenant, 100);
        await log.SealedAsync(other, 5);
        var before = await WrittenAsync(log);

        await log.Ledger.ExecuteAsync($"""
            create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid(), 5000); return null; end $$;
            create {(moment == "deferred" ? $"constraint trigger dying after insert on ledger.{table} deferrable initially deferred for each row" : $"trigger dying {moment} on ledger.{table} for each statement")} execute function die()
            """);
        await Should.ThrowAsync<NpgsqlException>(() => builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken));
        (await WrittenAsync(log)).ShouldBe(before);
        await log.Ledger.ExecuteAsync($"drop trigger dying on ledger.{table}");

        (await (await log.LeadAsync()).FlushAllAsync()).ShouldBe(105);
        await log.ShouldProveAsync(tenant, 300);
        await log.ShouldProveAsync(other, 5);
        // What was there keeps its salts: the leaves of before are a prefix of those of now.
        (await log.Ledger.ScalarAsync<string>("select encode(string_agg(substr(salts, 1, 16 * 200), ''), 'hex') from ledger.log_leaves where first_position = 1 and tenant_id = $1", tenant)).ShouldBe(before.Salts);
    }

    private static async Task<(string Salts, long Rows, long Checkpoints, long Size)> WrittenAsync(LogUnderTest log) => (
        await log.Ledger.ScalarAsync<string>("select encode(string_agg(salts, '' order by first_position), 'hex') from ledger.log_leaves"),
        await log.Ledger.ScalarAsync<long>("select (select count(*) from ledger.log_leaves) + (select count(*) from ledger.log_tiles) + (select count(*) from ledger.log_heads)"),
        await log.Ledger.ScalarAsync<long>("select count(*) from ledger.log_checkpoints"),
        await log.Ledger.ScalarAsync<long>("select sum(size)::bigint from ledger.log_heads"));
}
