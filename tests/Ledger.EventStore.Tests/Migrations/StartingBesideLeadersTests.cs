using Ledger.EventStore.Migrations;
using Npgsql;

namespace Ledger.EventStore.Tests.Migrations;

/// <summary>A node that leads holds its locks for as long as it lives: another one must be able to start meanwhile.</summary>
public sealed class StartingBesideLeadersTests
{
    // The sealer's, the webhooks' and the log's.
    private static readonly long[] LeaderLocks = [0x6C65_6467_6572_0002, 0x6C65_6467_6572_0003, 0x6C65_6467_6572_0004];

    [Fact]
    public async Task The_role_is_prepared_while_another_node_leads()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        await using var leader = await ledger.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var key in LeaderLocks)
        {
            await using var hold = new NpgsqlCommand($"select pg_advisory_lock({key})", leader);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // With a number of theirs it would wait, and end with a lock timeout after ten seconds.
        (await RowSecurity.PrepareAsync(ledger.DataSource, TestContext.Current.CancellationToken)).ShouldBeNull();

        NpgsqlConnection.ClearPool(leader);
    }
}
