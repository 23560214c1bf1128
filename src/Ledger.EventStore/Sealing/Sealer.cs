using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore.Sealing;

/// <summary>This sealer is no longer the leader: another one holds a newer epoch.</summary>
public sealed class SealerFencedException() : Exception("Another sealer has taken over.");

/// <summary>
/// Numbers committed events: rows that are visible and not yet sealed, in the order of seq_id. Writers never wait for it.
/// One instance is one leadership: <see cref="LeadAsync"/> takes a new epoch, and every batch proves it still holds it.
/// </summary>
/// <remarks>
/// Why no version of a stream is ever numbered before an earlier one: whoever appended version n+1 got the stream's row lock
/// after version n was committed, and drew a larger seq_id. So whenever n+1 is visible, n is visible and sorts first.
/// A missing seq_id below a visible one belongs to a transaction that is open or was rolled back. It is looked for in every
/// batch until all transactions that were open when it was first missed have ended (<see cref="MissingRanges"/>).
/// </remarks>
public sealed class Sealer
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly long _epoch;
    private readonly Dictionary<string, TenantHead> _heads = [];
    private readonly MissingRanges _missing = new();
    private long _sequence;
    private long _settled;   // as stored: everything at or below it is sealed or will never exist
    private long _highest;   // largest seq_id seen; between the settled floor and here, only _missing is unknown

    private Sealer(NpgsqlDataSource dataSource, long epoch, long sequence, long settled) =>
        (_dataSource, _epoch, _sequence, _settled, _highest) = (dataSource, epoch, sequence, settled, settled);

    /// <summary>The last ledger-wide sequence number given out.</summary>
    public long Sequence => _sequence;

    /// <summary>Takes the leadership: a new epoch, which fences off every earlier sealer.</summary>
    public static async Task<Sealer> LeadAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var lead = new NpgsqlCommand("update ledger.sealer set epoch = epoch + 1 returning epoch, sequence, settled_seq_id", connection);
        await using var reader = await lead.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Sealer(dataSource, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>Seals up to <paramref name="limit"/> events in one transaction and notifies the readers once.</summary>
    /// <returns>How many were sealed; less than the limit means that nothing visible is left.</returns>
    /// <exception cref="SealerFencedException">Nothing was written.</exception>
    /// <remarks>After any exception this instance must be dropped: its memory may not match the database.</remarks>
    public async Task<int> SealAsync(int limit = 5_000, CancellationToken cancellationToken = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        if (_missing.IsEmpty && !await AnyNewAsync(connection, cancellationToken)) return 0;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        _missing.Date(await FenceAsync(connection, cancellationToken));
        var (rows, oldest) = await UnsealedAsync(connection, limit, cancellationToken);
        var highest = _missing.Note(rows, _highest);
        if (rows.Count < limit) _missing.Settle(oldest);   // a full batch may have left some of them unread
        var settled = _missing.FloorBelow(highest);
        await using var write = new NpgsqlBatch(connection, transaction);
        var fresh = rows.Where(row => !row.Sealed).ToList();
        if (fresh.Count > 0) await NumberAsync(connection, write, fresh, cancellationToken);
        if (fresh.Count > 0 || settled > _settled)
        {
            write.BatchCommands.Add(new NpgsqlBatchCommand("update ledger.sealer set sequence = $1, settled_seq_id = $2")
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = _sequence }, new NpgsqlParameter<long> { TypedValue = settled } },
            });
            if (fresh.Count > 0) write.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('ledger_sealed', $1::text)") { Parameters = { new NpgsqlParameter<long> { TypedValue = _sequence } } });
            await write.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        (_highest, _settled) = (highest, settled);
        return rows.Count;
    }

    // An idle ledger is asked without a transaction id: polling must not use them up.
    private async Task<bool> AnyNewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var peek = new NpgsqlCommand("select exists (select 1 from ledger.mt_events where seq_id > $1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = _highest } } };
        return await peek.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <returns>This transaction's id: larger than the id of any transaction that had drawn a seq_id when an earlier batch read.</returns>
    private async Task<ulong> FenceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var fence = new NpgsqlCommand("select pg_current_xact_id()::text from ledger.sealer where epoch = $1 for update", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = _epoch } } };
        return await fence.ExecuteScalarAsync(cancellationToken) is string own ? ulong.Parse(own, CultureInfo.InvariantCulture) : throw new SealerFencedException();
    }

    // Rows already sealed by an earlier leader show up once after a change of leadership; they only fill the gaps. All come as arrays in one row:
    // handing over thousands of rows would cost more than numbering them.
    private async Task<(List<UnsealedEvent> Rows, ulong Oldest)> UnsealedAsync(NpgsqlConnection connection, int limit, CancellationToken cancellationToken)
    {
        var (from, to) = _missing.Bounds();
        await using var command = new NpgsqlCommand("""
            select pg_snapshot_xmin(pg_current_snapshot())::text, array_agg(c.seq_id), array_agg(c.tenant_id), array_agg(coalesce(p.sealed, false)), array_agg(c."timestamp")
              from (select u.seq_id, u.tenant_id, u."timestamp"
                      from ((select e.seq_id, e.tenant_id, e."timestamp" from unnest($2::bigint[], $3::bigint[]) as gap (first, last) cross join lateral
                               (select seq_id, tenant_id, "timestamp" from ledger.mt_events where seq_id between gap.first and gap.last order by seq_id limit $4) e
                              order by e.seq_id limit $4)
                            union all
                            (select e.seq_id, e.tenant_id, e."timestamp" from ledger.mt_events e where e.seq_id > $1 order by e.seq_id limit $4)) u
                     order by u.seq_id limit $4) c
              left join lateral (select true as sealed from ledger.event_positions where seq_id = c.seq_id offset 0) p on true
            """, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = _highest }, new NpgsqlParameter<long[]> { TypedValue = from },
                new NpgsqlParameter<long[]> { TypedValue = to }, new NpgsqlParameter<int> { TypedValue = limit },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var oldest = ulong.Parse(reader.GetString(0), CultureInfo.InvariantCulture);
        return (reader.IsDBNull(1) ? [] : Rows(reader.GetFieldValue<long[]>(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<bool[]>(3), reader.GetFieldValue<DateTime[]>(4)), oldest);
    }

    private static List<UnsealedEvent> Rows(long[] seqIds, string[] tenants, bool[] isSealed, DateTime[] recordedAt)
    {
        var rows = new List<UnsealedEvent>(seqIds.Length);
        var ascending = true;
        for (var index = 0; index < seqIds.Length; index++)
        {
            ascending &= index == 0 || seqIds[index - 1] < seqIds[index];
            rows.Add(new(seqIds[index], tenants[index], isSealed[index], recordedAt[index]));
        }
        // SQL promises no order of what it aggregates here, and everything rests on it.
        if (!ascending) rows.Sort((one, other) => one.SeqId.CompareTo(other.SeqId));
        return rows;
    }

    // Gives out the numbers, and adds what keeps them to the batch.
    private async Task NumberAsync(NpgsqlConnection connection, NpgsqlBatch write, List<UnsealedEvent> fresh, CancellationToken cancellationToken)
    {
        await LoadHeadsAsync(connection, fresh, cancellationToken);
        var sequences = new long[fresh.Count];
        var positions = new long[fresh.Count];
        var milestones = new List<(string TenantId, TenantHead Head)>();
        for (var index = 0; index < fresh.Count; index++)
        {
            var (tenant, head) = (fresh[index].TenantId, _heads[fresh[index].TenantId].With(fresh[index].RecordedAt));
            _heads[tenant] = head;
            sequences[index] = ++_sequence;
            positions[index] = head.Position;
            if (head.Position % RecordedOrder.Spacing == 0) milestones.Add((tenant, head));
        }
        var tenants = fresh.Select(row => row.TenantId).Distinct().ToArray();
        write.BatchCommands.Add(SealerSql.Positions(sequences, fresh, positions));
        write.BatchCommands.Add(SealerSql.Heads(tenants, [.. tenants.Select(tenant => _heads[tenant])]));
        if (milestones.Count > 0) write.BatchCommands.Add(SealerSql.Milestones(milestones));
    }

    private async Task LoadHeadsAsync(NpgsqlConnection connection, List<UnsealedEvent> fresh, CancellationToken cancellationToken)
    {
        var unknown = fresh.Select(row => row.TenantId).Distinct().Where(tenant => !_heads.ContainsKey(tenant)).ToArray();
        if (unknown.Length == 0) return;
        foreach (var tenant in unknown) _heads[tenant] = default;
        await using var command = new NpgsqlCommand("select tenant_id, position, latest, back_step from ledger.tenant_heads where tenant_id = any ($1)", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = unknown, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) _heads[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetDateTime(2), reader.GetInt64(3));
    }
}
