using Ledger.EventStore;
using Npgsql;
using static Ledger.Projections.Webhooks.WebhookSql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <summary>What was sent to a subscription, when, and how it was answered.</summary>
public sealed class WebhookLog(NpgsqlDataSource dataSource)
{
    private const string Columns = "d.delivery_id, d.subscription_id, d.event_type, d.status, d.attempts, d.created_at, d.next_attempt_at, d.delivered_at";

    /// <summary>Newest first, before the id given.</summary>
    public async Task<List<WebhookDelivery>> ListAsync(string tenantId, string subscriptionId, string? beforeId, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            select {Columns} from ledger.webhook_deliveries d
             where d.tenant_id = $1 and d.subscription_id = $2 and ($3 is null or d.delivery_id < $3) order by d.delivery_id desc limit $4
            """);
        command.Parameters.AddAll(Text(tenantId), Text(subscriptionId), Nullable(beforeId), new NpgsqlParameter<int> { TypedValue = limit });
        return await ReadAsync(tenantId, command, cancellationToken);
    }

    /// <param name="clientId">Only of this client's subscriptions; null: of any of the tenant's.</param>
    public async Task<WebhookDelivery?> FindAsync(string tenantId, string? clientId, string id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            select {Columns} from ledger.webhook_deliveries d join ledger.webhook_subscriptions s on s.tenant_id = d.tenant_id and s.subscription_id = d.subscription_id
             where d.tenant_id = $1 and d.delivery_id = $2 and ($3 is null or s.client_id = $3)
            """);
        command.Parameters.AddAll(Text(tenantId), Text(id), Nullable(clientId));
        return (await ReadAsync(tenantId, command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Puts a delivery back at the start of its schedule; it keeps its id and its log.</summary>
    public static NpgsqlBatchCommand Resend(string tenantId, string id, DateTimeOffset now) => Command(
        "update ledger.webhook_deliveries set status = 'pending', round = 0, next_attempt_at = $3, delivered_at = null where tenant_id = $1 and delivery_id = $2", Text(tenantId), Text(id), Time(now));

    private async Task<List<WebhookDelivery>> ReadAsync(string tenantId, TenantCommand command, CancellationToken cancellationToken)
    {
        var found = new List<WebhookDelivery>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5), reader.Time(6), reader.Time(7), []));
            }
        }
        if (found.Count == 0) return found;
        var attempts = await AttemptsAsync(tenantId, found, cancellationToken);
        return [.. found.Select(delivery => delivery with { Attempts = [.. attempts[delivery.Id]] })];
    }

    private async Task<ILookup<string, WebhookAttempt>> AttemptsAsync(string tenantId, List<WebhookDelivery> deliveries, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, """
            select delivery_id, number, attempted_at, duration_ms, status_code, error from ledger.webhook_attempts where tenant_id = $1 and delivery_id = any ($2) order by delivery_id, number
            """);
        command.Parameters.AddAll(Text(tenantId), Texts(deliveries, delivery => delivery.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var attempts = new List<(string Id, WebhookAttempt Attempt)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            attempts.Add((reader.GetString(0), new(reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.Text(5))));
        }
        return attempts.ToLookup(attempt => attempt.Id, attempt => attempt.Attempt);
    }
}
