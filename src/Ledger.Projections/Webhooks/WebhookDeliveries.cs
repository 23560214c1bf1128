using Npgsql;
using NpgsqlTypes;
using static Ledger.Projections.Webhooks.WebhookSql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <summary>The outbox as its sender works on it.</summary>
public sealed class WebhookDeliveries(NpgsqlDataSource dataSource)
{
    /// <summary>How long a delivery that is done stays in the log.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>The next deliveries of each active subscription, so that one with a long queue leaves room for the others.</summary>
    public async Task<List<DueDelivery>> DueAsync(DateTimeOffset now, int perSubscription, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select s.tenant_id, s.subscription_id, d.delivery_id
              from ledger.webhook_subscriptions s
              cross join lateral (
                select delivery_id, next_attempt_at from ledger.webhook_deliveries
                 where tenant_id = s.tenant_id and subscription_id = s.subscription_id and status = 'pending' and next_attempt_at <= $1
                 order by next_attempt_at, delivery_id limit $2) d
             where s.status = 'ACTIVE' and exists (select 1 from ledger.clients c where c.client_id = s.client_id and c.revoked_at is null)
             order by d.next_attempt_at, d.delivery_id
            """);
        command.Parameters.AddAll(Time(now), new NpgsqlParameter<int> { TypedValue = perSubscription });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueDelivery>();
        while (await reader.ReadAsync(cancellationToken)) due.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return due;
    }

    /// <returns>Null when it is no longer to be sent.</returns>
    public async Task<OutgoingDelivery?> LoadAsync(DueDelivery due, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select s.client_id, s.url, d.body, d.attempts, d.round from ledger.webhook_deliveries d
              join ledger.webhook_subscriptions s on s.tenant_id = d.tenant_id and s.subscription_id = d.subscription_id and s.status = 'ACTIVE'
             where d.tenant_id = $1 and d.delivery_id = $2 and d.status = 'pending'
            """);
        command.Parameters.AddAll(Text(due.TenantId), Text(due.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(due.TenantId, due.SubscriptionId, reader.GetString(0), due.Id, reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetInt32(3), reader.GetInt32(4))
            : null;
    }

    /// <summary>Notes the attempt and what follows from it. If somebody else noted the same attempt first, nothing happens.</summary>
    public async Task RecordAsync(OutgoingDelivery delivery, WebhookAttempt attempt, DeliveryVerdict verdict, CancellationToken cancellationToken)
    {
        var status = verdict switch { DeliveryVerdict.Delivered => "delivered", DeliveryVerdict.Retry => "pending", _ => "failed" };
        await using var command = dataSource.CreateCommand("""
            with noted as (
                update ledger.webhook_deliveries set status = $5, attempts = $4, round = round + 1, next_attempt_at = $6, delivered_at = case $5 when 'delivered' then $7 end
                 where tenant_id = $1 and delivery_id = $2 and attempts = $4 - 1 and status = 'pending' returning tenant_id, delivery_id),
            logged as (
                insert into ledger.webhook_attempts (tenant_id, delivery_id, number, attempted_at, duration_ms, status_code, error) select tenant_id, delivery_id, $4, $7, $8, $9, $10 from noted)
            update ledger.webhook_subscriptions set status = $11, changed_at = $7
             where $11 is not null and tenant_id = $1 and subscription_id = $3 and status = 'ACTIVE' and exists (select 1 from noted)
            """);
        command.Parameters.AddAll(
            Text(delivery.TenantId), Text(delivery.Id), Text(delivery.SubscriptionId), new NpgsqlParameter<int> { TypedValue = attempt.Number }, Text(status),
            Time((verdict as DeliveryVerdict.Retry)?.At), Time(attempt.At), new NpgsqlParameter<int> { TypedValue = attempt.DurationMs },
            new NpgsqlParameter { Value = (object?)attempt.StatusCode ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer }, Nullable(attempt.Error),
            Nullable(verdict is DeliveryVerdict.GiveUp gaveUp ? WebhookSubscriptions.NameOf(gaveUp.Subscription) : null));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets what was done with long ago, at most 1,000 per call.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            delete from ledger.webhook_deliveries d using
                (select tenant_id, delivery_id from ledger.webhook_deliveries where status <> 'pending' and created_at < $1 order by created_at limit 1000) old
             where d.tenant_id = old.tenant_id and d.delivery_id = old.delivery_id
            """);
        command.Parameters.Add(Time(now - Retention));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
