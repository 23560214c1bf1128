using Ledger.Proof.Events;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>A signed checkpoint as published.</summary>
public sealed record LogCheckpoint(long Size, Digest Root, string Note, DateTimeOffset MadeAt);

/// <summary>What the log keeps of one event.</summary>
/// <param name="Salt">16 bytes; null once the event's body was erased.</param>
public sealed record StoredLeaf(long Position, Digest Hash, byte[]? Salt, Digest BodyHash);

/// <summary>An event in the log: its leaf, its envelope with the body hash of the leaf, and its body as stored.</summary>
public sealed record LoggedEvent(StoredLeaf Leaf, EventEnvelope Envelope, byte[] Body);

/// <summary>Reads what the builder wrote. Everything a tenant is shown lies at or below the size of its latest checkpoint.</summary>
public sealed partial class LogReader(NpgsqlDataSource dataSource)
{
    private const string Checkpoint = "select size, root, note, made_at from ledger.log_checkpoints where tenant_id = $1";

    /// <summary>Null while the tenant has none.</summary>
    public async Task<LogCheckpoint?> LatestAsync(string tenantId, CancellationToken cancellationToken = default) =>
        (await CheckpointsAsync($"{Checkpoint} order by size desc limit 1", tenantId, [], cancellationToken)).FirstOrDefault();

    /// <summary>Null when none was made at exactly this size.</summary>
    public async Task<LogCheckpoint?> AtAsync(string tenantId, long size, CancellationToken cancellationToken = default) =>
        (await CheckpointsAsync($"{Checkpoint} and size = $2", tenantId, [size], cancellationToken)).FirstOrDefault();

    /// <summary>The smallest checkpoint that covers a position; null when none does yet.</summary>
    public async Task<LogCheckpoint?> CoveringAsync(string tenantId, long position, CancellationToken cancellationToken = default) =>
        (await CheckpointsAsync($"{Checkpoint} and size >= $2 order by size limit 1", tenantId, [position], cancellationToken)).FirstOrDefault();

    /// <summary>Checkpoints smaller than a size, largest first.</summary>
    public Task<List<LogCheckpoint>> PageAsync(string tenantId, long below, int limit, CancellationToken cancellationToken = default) =>
        CheckpointsAsync($"{Checkpoint} and size < $2 order by size desc limit $3", tenantId, [below, limit], cancellationToken);

    /// <summary>Leaves in the tenant's log; the size of its latest checkpoint.</summary>
    public async Task<long> SizeAsync(string tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = Command("select size from ledger.log_heads where tenant_id = $1", tenantId);
        return await command.ExecuteScalarAsync(cancellationToken) is long size ? size : 0;
    }

    /// <summary>The position of an event of this tenant; null when it has none, sealed or not.</summary>
    public async Task<long?> PositionOfAsync(string tenantId, Guid eventId, CancellationToken cancellationToken = default)
    {
        await using var command = Command("select p.position from ledger.mt_events e join ledger.event_positions p using (seq_id) where e.id = $2 and e.tenant_id = $1", tenantId, eventId);
        return await command.ExecuteScalarAsync(cancellationToken) is long position ? position : null;
    }

    /// <summary>What is kept of the events at positions <paramref name="first"/> to <paramref name="last"/>, as far as they are logged, in order.</summary>
    public async Task<List<StoredLeaf>> LeavesAsync(string tenantId, long first, long last, CancellationToken cancellationToken = default)
    {
        // The run that holds the first position began at most a chunk before it.
        await using var command = Command("""
            select first_position, hashes, salts, body_hashes from ledger.log_leaves where tenant_id = $1 and first_position > $2 - $4 and first_position <= $3 order by first_position
            """, tenantId, first, last, (long)Tile.FullWidth);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leaves = new List<StoredLeaf>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var run = new StoredRun(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
            leaves.AddRange(run.Leaves.Where(leaf => leaf.Position >= first && leaf.Position <= last));
        }
        return leaves;
    }

    private async Task<List<LogCheckpoint>> CheckpointsAsync(string sql, string tenantId, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, tenantId, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var checkpoints = new List<LogCheckpoint>();
        while (await reader.ReadAsync(cancellationToken))
            checkpoints.Add(new(reader.GetInt64(0), Digest.From(reader.GetFieldValue<byte[]>(1)), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return checkpoints;
    }

    private TenantCommand Command(string sql, string tenantId, params object[] values)
    {
        var command = dataSource.CreateCommand(tenantId, sql);
        command.Parameters.Add(new() { Value = tenantId });
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private sealed record StoredRun(long First, byte[] Hashes, byte[] Salts, byte[] BodyHashes)
    {
        public IEnumerable<StoredLeaf> Leaves => Enumerable.Range(0, Hashes.Length / Digest.Size).Select(index => new StoredLeaf(
            First + index, Digest.From(Hashes.AsSpan(index * Digest.Size, Digest.Size)), Salt(index), Digest.From(BodyHashes.AsSpan(index * Digest.Size, Digest.Size))));

        private byte[]? Salt(int index)
        {
            const int length = 16;
            var salt = Salts.AsSpan(index * length, length);
            return salt.ContainsAnyExcept((byte)0) ? salt.ToArray() : null;
        }
    }
}
