using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Idempotency;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Simulation.Tests.Service;

/// <summary>The event store over the simulated database. The statements of the read models are built as ever; of them, only the idempotency key is looked at.</summary>
internal sealed class SimulatedStore(Link link) : EventStore.EventStore(Link.NoServer)
{
    public override Task<AppendResult> AppendAsync(
        string tenantId, IReadOnlyList<AppendPart> parts, Action<NpgsqlBatch>? inline = null, DateTimeOffset? recordedAt = null, CancellationToken cancellationToken = default)
    {
        using var batch = new NpgsqlBatch();
        inline?.Invoke(batch);
        var (key, answer) = KeptIn(batch);
        var incarnation = link.Database.Incarnation;
        return link.SendAsync<AppendResult>((succeed, fail) => link.Database.Begin(new(tenantId, parts, recordedAt, key, answer, incarnation, succeed, fail)));
    }

    public override Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) => link.AskAsync(() => link.World.Now);

    private static (KeyName? Key, KeptAnswer? Answer) KeptIn(NpgsqlBatch batch)
    {
        foreach (var command in batch.BatchCommands)
        {
            if (!command.CommandText.StartsWith("insert into ledger.idempotency_keys", StringComparison.Ordinal)) continue;
            T Value<T>(int index) => (T)command.Parameters[index].Value!;
            return (new KeyName(Value<string>(0), Value<string>(1), Value<string>(2), Value<string>(3)),
                new KeptAnswer(Value<byte[]>(4), Value<short>(5), JsonSerializer.Deserialize<Dictionary<string, string>>(Value<byte[]>(6))!, Value<byte[]>(7)));
        }
        return (null, null);
    }
}

internal sealed class SimulatedKeys(Link link) : IdempotencyKeys(Link.NoServer)
{
    public override Task<KeptAnswer?> FindAsync(KeyName name, CancellationToken cancellationToken) => link.AskAsync(() => link.Database.Find(name));
}

internal sealed class SimulatedRace(Link link) : LostRace
{
    public override Task PauseAsync(int attempt, CancellationToken cancellationToken) => link.PauseAsync();
}
