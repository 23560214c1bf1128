using System.Security.Cryptography;
using Ledger.EventStore;
using Npgsql;
using static Ledger.Projections.Webhooks.WebhookSql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <param name="RevokeAt">Null: the active one. Else it signs beside the active one until then.</param>
public sealed record WebhookSecret(byte[] Secret, DateTimeOffset? RevokeAt);

/// <summary>The secrets that sign a client's deliveries: one active, and those a rotation has not ended yet.</summary>
public sealed class WebhookSecrets(NpgsqlDataSource dataSource)
{
    /// <summary>How long a replaced secret still signs: receivers have that long to learn the new one.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>Live at the same time; one more rotation is refused until one of them has ended.</summary>
    public const int MaxLive = 4;

    private const int SecretBytes = 32;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The active one first, then the younger before the older. Empty before the client's first subscription.</summary>
    public async Task<List<WebhookSecret>> LiveAsync(string tenantId, string clientId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, """
            select secret, revoke_at from ledger.webhook_secrets where tenant_id = $1 and client_id = $2 and (revoke_at is null or revoke_at > $3) order by revoke_at desc nulls first
            """);
        command.Parameters.AddAll(Text(tenantId), Text(clientId), Time(now));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var secrets = new List<WebhookSecret>();
        while (await reader.ReadAsync(cancellationToken)) secrets.Add(new(reader.GetFieldValue<byte[]>(0), reader.Time(1)));
        return secrets;
    }

    /// <summary>Gives the client its first secret, unless it has one.</summary>
    public static NpgsqlBatchCommand Ensure(string tenantId, string clientId, DateTimeOffset now) =>
        Command("insert into ledger.webhook_secrets (tenant_id, client_id, secret, created_at) values ($1, $2, $3, $4) on conflict (tenant_id, client_id) where revoke_at is null do nothing",
            Text(tenantId), Text(clientId), Bytes(NewSecret()), Time(now));

    /// <summary>Ended secrets are forgotten, the active one gets its end, and the new one is active.</summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Rotate(string tenantId, string clientId, byte[] secret, DateTimeOffset now) =>
    [
        // Each statement sees what is committed when it begins: after this one, also what a rotation at the same moment has done.
        Command("select pg_advisory_xact_lock(hashtextextended('webhook_secrets ' || $1 || ' ' || $2, 0))", Text(tenantId), Text(clientId)),
        Command("delete from ledger.webhook_secrets where tenant_id = $1 and client_id = $2 and revoke_at <= $3", Text(tenantId), Text(clientId), Time(now)),
        Command("update ledger.webhook_secrets set revoke_at = $3 where tenant_id = $1 and client_id = $2 and revoke_at is null", Text(tenantId), Text(clientId), Time(now + Overlap)),
        Command("insert into ledger.webhook_secrets (tenant_id, client_id, secret, created_at) values ($1, $2, $3, $4)", Text(tenantId), Text(clientId), Bytes(secret), Time(now)),
    ];

    private static NpgsqlParameter<byte[]> Bytes(byte[] value) => new() { TypedValue = value };
}
