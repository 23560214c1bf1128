using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>This builder is no longer the leader: another one holds a newer epoch. Nothing was written.</summary>
public sealed class LogBuilderFencedException() : Exception("Another builder of the log has taken over.");

/// <summary>A sealed event could not become a leaf. The tenant's log stands still before it until it is put right; those of others go on.</summary>
/// <param name="Reason">What is wrong with the event at <paramref name="Position"/>: it, or its number, was taken out of the database.</param>
public sealed record BrokenHistory(string TenantId, long Position, string Reason);

/// <summary>What a flush did.</summary>
/// <param name="Leaves">0: nothing could be logged.</param>
/// <param name="IsBehind">More waits already: flush again at once.</param>
public sealed record LogFlush(long Leaves, bool IsBehind, IReadOnlyList<BrokenHistory> Broken);

/// <summary>
/// Makes leaves of sealed events, tenant by tenant in the order of position, and signs a checkpoint for every tree that grew. One
/// instance is one leadership. From one flush to the next it remembers nothing of the trees, only its epoch and who is stuck.
/// </summary>
/// <remarks>
/// Leaves, tiles, heads and checkpoints of a flush commit together. A flush that failed left nothing, and nobody has seen its salts;
/// a leaf that is there keeps its salt for ever, because a head only moves past leaves that are there.
/// </remarks>
public sealed class LogBuilder
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly CheckpointSigner _signer;
    private readonly long _epoch;
    private HashSet<string> _stuck = [];

    private LogBuilder(NpgsqlDataSource dataSource, CheckpointSigner signer, long epoch) => (_dataSource, _signer, _epoch) = (dataSource, signer, epoch);

    /// <summary>Takes the leadership: a new epoch, which fences off every earlier builder.</summary>
    public static async Task<LogBuilder> LeadAsync(NpgsqlDataSource dataSource, CheckpointSigner signer, CancellationToken cancellationToken = default)
    {
        // A tenant that was stuck may have been put right: the new leader looks at everything once.
        await using var lead = dataSource.CreateCommand("update ledger.log_builder set epoch = epoch + 1, sequence = 0 returning epoch");
        return new LogBuilder(dataSource, signer, (long)(await lead.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Whether anything was sealed that no flush has looked at. Uses up no transaction id.</summary>
    public static async Task<bool> IsBehindAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        await using var behind = new NpgsqlCommand("select s.sequence > b.sequence from ledger.sealer s, ledger.log_builder b", connection);
        return await behind.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Logs up to <paramref name="limit"/> events in one transaction.</summary>
    /// <exception cref="LogBuilderFencedException">Nothing was written.</exception>
    public async Task<LogFlush> FlushAsync(int limit = 20_000, CancellationToken cancellationToken = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        if (!await IsBehindAsync(connection, cancellationToken)) return new(0, false, []);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, cancellationToken);
        var (sequence, waiting) = await WaitingAsync(connection, cancellationToken);
        // Of a tenant that is stuck, one event shows whether it still is.
        var shares = FlushShares.Of([.. waiting.Select(tenant => _stuck.Contains(tenant.TenantId) ? 1 : tenant.Last - tenant.Size)], limit);
        var slices = waiting.Zip(shares, (tenant, share) => tenant with { Last = tenant.Size + share }).ToList();
        var making = new LeafMaking();
        var grown = await making.RunAsync(connection, [.. slices.Where(slice => slice.Last > slice.Size)], cancellationToken);
        var stuck = making.Broken.Select(broken => broken.TenantId).ToHashSet();
        var isBehind = waiting.Zip(slices).Any(pair => pair.First.Last > pair.Second.Last && !stuck.Contains(pair.First.TenantId));

        await using var write = new NpgsqlBatch(connection, transaction);
        if (grown.Count > 0) LogWrites.AddTo(write, grown, await _signer.SignAsync(connection, grown, cancellationToken));
        if (!isBehind) write.BatchCommands.Add(new("update ledger.log_builder set sequence = $1") { Parameters = { new NpgsqlParameter<long> { TypedValue = sequence } } });
        if (write.BatchCommands.Count > 0) await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _stuck = stuck;
        return new(grown.Sum(tenant => tenant.Count), isBehind, making.Broken);
    }

    private async Task FenceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Each event is looked up once: keeping the rows for a second look would copy them all.
        await using var fence = new NpgsqlCommand("select set_config('enable_memoize', 'off', true) = 'off' from ledger.log_builder where epoch = $1 for update", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = _epoch } } };
        if (await fence.ExecuteScalarAsync(cancellationToken) is not true) throw new LogBuilderFencedException();
    }

    // One statement, one snapshot: whatever has a sequence up to the one read here is below the heads read here.
    private static async Task<(long Sequence, List<TenantSlice> Waiting)> WaitingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select s.sequence, w.tenant_id, w.size, w.subtrees, w.position from ledger.sealer s
              left join (select h.tenant_id, h.position, coalesce(l.size, 0) as size, coalesce(l.subtrees, '') as subtrees
                           from ledger.tenant_heads h left join ledger.log_heads l using (tenant_id) where h.position > coalesce(l.size, 0)) w on true
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (sequence, waiting) = (0L, new List<TenantSlice>());
        while (await reader.ReadAsync(cancellationToken))
        {
            sequence = reader.GetInt64(0);
            if (!reader.IsDBNull(1)) waiting.Add(new(reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4)));
        }
        return (sequence, waiting);
    }
}
