using Npgsql;
using NpgsqlTypes;
using static Ledger.Projections.Webhooks.WebhookSql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <summary>This runner is no longer the leader: another one holds a newer epoch.</summary>
public sealed class WebhookRunnerFencedException() : Exception("Another runner has taken over.");

/// <summary>
/// From the sealed history to the deliveries it calls for. The checkpoint moves in the transaction that writes the deliveries:
/// no event is announced twice to the same subscription, and none is left out, whenever a runner dies.
/// </summary>
/// <remarks>Reads what it needs of an event and not its body: bodies of an import are many megabytes, and only names are announced.</remarks>
public sealed class WebhookOutbox(NpgsqlDataSource dataSource)
{
    public const int PageSize = 5_000;

    /// <summary>Takes the leadership: a new epoch, which fences off every earlier runner.</summary>
    public async Task<long> LeadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("update ledger.webhook_runner set epoch = epoch + 1 returning epoch");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <returns>Null when everything sealed has been announced.</returns>
    /// <exception cref="WebhookRunnerFencedException"/>
    public async Task<WebhookPage?> ReadAsync(long epoch, CancellationToken cancellationToken)
    {
        var (after, head, anybody) = await PlaceAsync(epoch, cancellationToken);
        if (after >= head) return null;
        if (!anybody) return new(head, []);
        var through = Math.Min(head, after + PageSize);
        var facts = await FactsAsync(after, through, cancellationToken);
        return through == head ? new(through, facts) : WholeAppends(facts, through);
    }

    public async Task<List<WebhookSubscriber>> SubscribersAsync(IEnumerable<string> tenants, CancellationToken cancellationToken)
    {
        // A client that was revoked is told nothing more, whatever it had subscribed to.
        await using var command = dataSource.CreateCommand("""
            select s.tenant_id, s.subscription_id, t.event_type, t.since_position, o.organization_id
              from ledger.webhook_subscriptions s
              join ledger.webhook_event_types t on t.tenant_id = s.tenant_id and t.subscription_id = s.subscription_id
              join ledger.clients c on c.client_id = s.client_id and c.revoked_at is null
              join ledger.tenants o on o.tenant_id = s.tenant_id
             where s.tenant_id = any ($1) and s.status = 'ACTIVE' order by s.tenant_id, s.subscription_id
            """);
        command.Parameters.Add(Texts([.. tenants], tenant => tenant));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<WebhookSubscriber>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4)));
        return found;
    }

    /// <summary>Writes the deliveries and moves the checkpoint, both or neither.</summary>
    /// <exception cref="WebhookRunnerFencedException">Nothing was written.</exception>
    public async Task CommitAsync(long epoch, long through, IReadOnlyList<NewDelivery> deliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var checkpoint = new NpgsqlCommand("update ledger.webhook_runner set sequence = $2 where epoch = $1 and sequence < $2", connection, transaction))
        {
            checkpoint.Parameters.AddAll(new NpgsqlParameter<long> { TypedValue = epoch }, new NpgsqlParameter<long> { TypedValue = through });
            if (await checkpoint.ExecuteNonQueryAsync(cancellationToken) == 0) throw new WebhookRunnerFencedException();
        }
        if (deliveries.Count > 0)
        {
            // A subscription deleted a moment ago gets none.
            await using var insert = new NpgsqlCommand("""
                insert into ledger.webhook_deliveries (tenant_id, delivery_id, subscription_id, event_type, body, status, created_at, next_attempt_at)
                select s.tenant_id, u.delivery_id, s.subscription_id, u.event_type, u.body, 'pending', $6, $6
                  from unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::varchar[], $5::bytea[]) as u (tenant_id, delivery_id, subscription_id, event_type, body)
                  join ledger.webhook_subscriptions s on s.tenant_id = u.tenant_id and s.subscription_id = u.subscription_id
                   for key share of s
                """, connection, transaction);
            insert.Parameters.AddAll(
                Texts(deliveries, delivery => delivery.TenantId), Texts(deliveries, _ => WebhookIds.NewDelivery()), Texts(deliveries, delivery => delivery.SubscriptionId),
                Texts(deliveries, delivery => delivery.EventType), new NpgsqlParameter<byte[][]> { TypedValue = [.. deliveries.Select(delivery => delivery.Body)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                Time(now));
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<(long After, long Head, bool Anybody)> PlaceAsync(long epoch, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select r.sequence, s.sequence, exists (select 1 from ledger.webhook_subscriptions where status = 'ACTIVE') from ledger.webhook_runner r, ledger.sealer s where r.epoch = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) throw new WebhookRunnerFencedException();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2));
    }

    private async Task<List<WebhookFact>> FactsAsync(long after, long through, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select p.sequence, e.tenant_id, p.position, e.stream_id, e.type, e.correlation_id, e.id, e."timestamp", case e.type when 'job_created' then e.data end
              from ledger.event_positions p cross join lateral (select * from ledger.mt_events where seq_id = p.seq_id offset 0) e
             where p.sequence > $1 and p.sequence <= $2
               and (e.type in ('export_reopened', 'job_created')
                    or (e.type in ('record_registered', 'record_revised') and e.data -> 'content' ->> 'stage' = 'ready')
                    or (e.type = 'record_stage_changed' and e.data ->> 'stage' = 'ready'))
             order by p.sequence
            """);
        command.Parameters.AddAll(new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = through });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var facts = new List<WebhookFact>();
        while (await reader.ReadAsync(cancellationToken))
        {
            facts.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4), reader.Text(5), reader.GetGuid(6),
                reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8)));
        }
        return facts;
    }

    // What became ready together is announced together: the last append of a page is left to the next page if the page may
    // have cut it, unless it fills the page.
    private static WebhookPage WholeAppends(List<WebhookFact> facts, long through)
    {
        if (facts.Count == 0) return new(through, facts);
        var last = facts[^1];
        var first = facts.FindLastIndex(fact => (fact.TenantId, fact.CorrelationId) != (last.TenantId, last.CorrelationId)) + 1;
        return first == 0 ? new(through, facts) : new(facts[first].Sequence - 1, facts[..first]);
    }
}
