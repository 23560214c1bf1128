using Ledger.EventStore;
using Npgsql;
using static Ledger.Projections.Webhooks.WebhookSql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <summary>Reads subscriptions, and makes the writes that change them: a request may have to commit its answer with them.</summary>
public sealed class WebhookSubscriptions(NpgsqlDataSource dataSource)
{
    private const string Columns = """
        s.subscription_id, s.client_id, s.group_id, s.url, s.status,
        array(select t.event_type from ledger.webhook_event_types t where t.tenant_id = s.tenant_id and t.subscription_id = s.subscription_id order by t.ordinal)
        """;

    private const string Head = "coalesce((select position from ledger.tenant_heads where tenant_id = $1), 0)";

    /// <param name="clientId">Only this client's; null: any of the tenant's.</param>
    public async Task<WebhookSubscription?> FindAsync(string tenantId, string? clientId, string id, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} from ledger.webhook_subscriptions s where s.tenant_id = $1 and s.subscription_id = $2 and ($3 is null or s.client_id = $3)");
        command.Parameters.AddAll(Text(tenantId), Text(id), Nullable(clientId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Subscription(reader) : null;
    }

    /// <summary>Oldest first, after the id given.</summary>
    public async Task<List<WebhookSubscription>> ListAsync(string tenantId, string? clientId, string afterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            select {Columns} from ledger.webhook_subscriptions s
             where s.tenant_id = $1 and s.subscription_id > $2 and ($3 is null or s.client_id = $3) order by s.subscription_id limit $4
            """);
        command.Parameters.AddAll(Text(tenantId), Text(afterId), Nullable(clientId), new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<WebhookSubscription>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(Subscription(reader));
        return found;
    }

    public async Task<long> CountAsync(string tenantId, string clientId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, "select count(*) from ledger.webhook_subscriptions where tenant_id = $1 and client_id = $2");
        command.Parameters.AddAll(Text(tenantId), Text(clientId));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Subscribed to everything that is not sealed yet.</summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Insert(string tenantId, WebhookSubscription subscription, DateTimeOffset now) =>
    [
        Command("insert into ledger.webhook_subscriptions (tenant_id, subscription_id, client_id, group_id, url, status, created_at, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $7)",
            Text(tenantId), Text(subscription.Id), Text(subscription.ClientId), Nullable(subscription.GroupId), Text(subscription.Url), Text(NameOf(subscription.Status)), Time(now)),
        Command($"insert into ledger.webhook_event_types (tenant_id, subscription_id, event_type, ordinal, since_position) select $1, $2, u.event_type, u.ordinal, {Head} from unnest($3::varchar[]) with ordinality as u (event_type, ordinal)",
            Text(tenantId), Text(subscription.Id), Texts(subscription.EventTypes, type => type)),
    ];

    /// <summary>What is newly subscribed to, or subscribed to again after a pause, counts from now; what was and stays subscribed to misses nothing.</summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Update(string tenantId, WebhookSubscription subscription, DateTimeOffset now) =>
    [
        Command("select from ledger.webhook_subscriptions where tenant_id = $1 and subscription_id = $2 for update", Text(tenantId), Text(subscription.Id)),
        Command("delete from ledger.webhook_event_types where tenant_id = $1 and subscription_id = $2 and event_type <> all ($3)", Text(tenantId), Text(subscription.Id), Texts(subscription.EventTypes, type => type)),
        Command($"""
            insert into ledger.webhook_event_types as t (tenant_id, subscription_id, event_type, ordinal, since_position)
            select s.tenant_id, s.subscription_id, u.event_type, u.ordinal, {Head}
              from ledger.webhook_subscriptions s, unnest($3::varchar[]) with ordinality as u (event_type, ordinal) where s.tenant_id = $1 and s.subscription_id = $2
            on conflict (tenant_id, subscription_id, event_type) do update set ordinal = excluded.ordinal,
               since_position = case (select status from ledger.webhook_subscriptions where tenant_id = $1 and subscription_id = $2) when 'ACTIVE' then t.since_position else excluded.since_position end
            """, Text(tenantId), Text(subscription.Id), Texts(subscription.EventTypes, type => type)),
        Command("update ledger.webhook_subscriptions set url = $3, status = $4, changed_at = $5 where tenant_id = $1 and subscription_id = $2",
            Text(tenantId), Text(subscription.Id), Text(subscription.Url), Text(NameOf(subscription.Status)), Time(now)),
    ];

    /// <summary>Its deliveries go with it.</summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Delete(string tenantId, string id) =>
        [Command("delete from ledger.webhook_subscriptions where tenant_id = $1 and subscription_id = $2", Text(tenantId), Text(id))];

    public static string NameOf(WebhookStatus status) => status.ToString().ToUpperInvariant();

    private static WebhookSubscription Subscription(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Text(2), row.GetString(3), row.GetFieldValue<string[]>(5), Enum.Parse<WebhookStatus>(row.GetString(4), ignoreCase: true));
}
