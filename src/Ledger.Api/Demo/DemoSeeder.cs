using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Commands;
using Ledger.Api.Input;
using Ledger.Api.Native.Records;
using Ledger.Clients;
using Npgsql;

namespace Ledger.Api.Demo;

/// <summary>
/// Fills an empty demo tenant before the service listens, through the same commands the APIs use, so that everything shown is
/// told by events.
/// </summary>
internal sealed partial class DemoSeeder(NpgsqlDataSource dataSource, RegisterRecords register, DemoPlayer player, ILogger<DemoSeeder> logger)
{
    // Held on a connection of its own for as long as the seeding takes: of several processes that start at once, one seeds.
    private const long LockKey = 0x6C65_6467_6572_0D3A;

    public async Task SeedIfEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync($"select pg_try_advisory_lock({LockKey})")) return;
        try
        {
            if (await AskAsync($"select exists (select from ledger.records where tenant_id = '{DemoClients.TenantId}')")) return;
            await SeedAsync(cancellationToken);
        }
        finally
        {
            await AskAsync($"select pg_advisory_unlock({LockKey})");
        }

        async Task<bool> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (bool)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        }
    }

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        var records = DemoRecords.Generate();
        // All records in one transaction: a start that is cut off leaves an empty tenant, or one with all of them.
        await register.HandleAsync(DemoPlayer.Context("native"), [.. records.Select(record => Incoming(record.Json))], cancellationToken);
        foreach (var step in DemoActivity.Plan(records)) await player.PlayAsync(step, cancellationToken);
        LogSeeded(records.Count);
    }

    /// <summary>Reads a record exactly as the native API would.</summary>
    internal static IncomingRecord Incoming(JsonObject json)
    {
        var faults = new JsonFaults();
        return RecordInput.Read(JsonSerializer.SerializeToElement(json), faults)
            ?? throw new InvalidOperationException($"Demo record {json["id"]}: {faults.Details[0].Pointer} {faults.Details[0].Message}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Put {Records} demo records and their history into the empty demo tenant")]
    private partial void LogSeeded(int records);
}
