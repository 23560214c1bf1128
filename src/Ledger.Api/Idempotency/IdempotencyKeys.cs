using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Idempotency;

/// <summary>Whose key it is: the same text of another tenant, client or route is another key.</summary>
/// <param name="Route">Method and route pattern.</param>
public readonly record struct KeyName(string TenantId, string ClientId, string Route, string Key);

/// <summary>The answer a key had.</summary>
/// <param name="Body">Null once it is older than <see cref="IdempotencyKeys.AnswerRetention"/>.</param>
public sealed record KeptAnswer(byte[] Fingerprint, int Status, Dictionary<string, string> Headers, byte[]? Body);

/// <summary>Keys that had an effect, and their answers.</summary>
/// <param name="requests">Where a tenant's keys are looked up; null: <paramref name="dataSource"/>, where old answers of all tenants are let go.</param>
public class IdempotencyKeys(NpgsqlDataSource dataSource, NpgsqlDataSource? requests = null)
{
    /// <summary>How long an answer can be replayed. The fingerprint stays without end: a key never has a second effect.</summary>
    public static readonly TimeSpan AnswerRetention = TimeSpan.FromDays(7);

    public virtual async Task<KeptAnswer?> FindAsync(KeyName name, CancellationToken cancellationToken)
    {
        await using var command = (requests ?? dataSource).CreateCommand(name.TenantId, "select fingerprint, status, headers, body from ledger.idempotency_keys where tenant_id = $1 and client_id = $2 and route = $3 and key = $4");
        AddName(command.Parameters, name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new(reader.GetFieldValue<byte[]>(0), reader.GetInt16(1),
            System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetFieldValue<byte[]>(2))!, reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3));
    }

    /// <summary>The write that keeps an answer, for the batch of the events. A key somebody else has used in the meantime makes the whole batch fail.</summary>
    public static NpgsqlBatchCommand KeepCommand(KeyName name, KeptAnswer answer)
    {
        var command = new NpgsqlBatchCommand("insert into ledger.idempotency_keys (tenant_id, client_id, route, key, fingerprint, status, headers, body) values ($1, $2, $3, $4, $5, $6, $7, $8)");
        AddName(command.Parameters, name);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = answer.Fingerprint });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)answer.Status });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(answer.Headers), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = answer.Body ?? [] });
        return command;
    }

    /// <summary>Drops answers past their time, at most 1,000 per call.</summary>
    public async Task<int> ForgetAnswersAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            update ledger.idempotency_keys k set body = null
              from (select tenant_id, client_id, route, key from ledger.idempotency_keys where body is not null and created_at < clock_timestamp() - $1
                     order by created_at limit 1000 for update skip locked) old
             where (k.tenant_id, k.client_id, k.route, k.key) = (old.tenant_id, old.client_id, old.route, old.key)
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = AnswerRetention });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddName(NpgsqlParameterCollection parameters, KeyName name)
    {
        foreach (var part in new[] { name.TenantId, name.ClientId, name.Route, name.Key }) parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
    }
}
