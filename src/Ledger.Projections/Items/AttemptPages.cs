using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Items;

/// <summary>An attempt with what it is an attempt of.</summary>
/// <param name="BatchId">The batch of accounting exports it belongs to; null for single exports and for export jobs.</param>
public sealed record AttemptView(SystemId System, RecordId RecordId, Attempt Attempt, string? BatchId);

/// <param name="Statuses">Null: any.</param>
/// <param name="StatusesOfOthers">Statuses looked for among attempts that <paramref name="OpenedBy"/> did not open; null: the same.</param>
public sealed record AttemptQuestion(
    string TenantId, string OpenedBy, IReadOnlyCollection<AttemptStatus>? Statuses, IReadOnlyCollection<AttemptStatus>? StatusesOfOthers, SystemId? System, RecordId? Record, string? BatchId,
    DateTimeOffset? From, DateTimeOffset? To, int Limit, long Offset);

/// <summary>Answers which attempts were made, newest first.</summary>
public class AttemptPages(NpgsqlDataSource dataSource)
{
    private const string Columns = """
        a.system_id, a.record_id, j.batch_id, a.attempt_id, a.status, a.job_id, a.ordinal, a.opened_by, a.opened_at, a.changed_at, a.external_id, a.external_url, a.reported_at, a.note,
        a.failure_type, a.failure_reason, a.failure_at
        """;

    private const string From = "from ledger.attempts a left join ledger.jobs j on j.tenant_id = a.tenant_id and j.job_id = a.job_id";

    private const string Where = """
        where a.tenant_id = $1
          and ($2::varchar[] is null or a.status = any (case when a.opened_by = $4 then $2 else $3 end))
          and ($5::varchar is null or a.system_id = $5) and ($6::varchar is null or a.record_id = $6) and ($7::varchar is null or j.batch_id = $7)
          and ($8::timestamptz is null or a.opened_at >= $8) and ($9::timestamptz is null or a.opened_at <= $9)
        """;

    /// <summary>The page, and how many match in all.</summary>
    public async Task<(List<AttemptView> Attempts, long Total)> ReadAsync(AttemptQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"select {Columns} {From} {Where} order by a.opened_at desc, a.attempt_id limit $10 offset $11"),
                new($"select count(*) {From} {Where}"),
            },
        };
        foreach (var command in batch.BatchCommands)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.TenantId });
            command.Parameters.Add(Nullable(question.Statuses is { } own ? Names(own) : null, NpgsqlDbType.Array | NpgsqlDbType.Varchar));
            command.Parameters.Add(Nullable((question.StatusesOfOthers ?? question.Statuses) is { } others ? Names(others) : null, NpgsqlDbType.Array | NpgsqlDbType.Varchar));
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.OpenedBy });
            command.Parameters.Add(Nullable(question.System?.Value, NpgsqlDbType.Varchar));
            command.Parameters.Add(Nullable(question.Record?.Value, NpgsqlDbType.Varchar));
            command.Parameters.Add(Nullable(question.BatchId, NpgsqlDbType.Varchar));
            command.Parameters.Add(Nullable(question.From?.UtcDateTime, NpgsqlDbType.TimestampTz));
            command.Parameters.Add(Nullable(question.To?.UtcDateTime, NpgsqlDbType.TimestampTz));
        }
        batch.BatchCommands[0].Parameters.Add(new NpgsqlParameter<int> { TypedValue = question.Limit });
        batch.BatchCommands[0].Parameters.Add(new NpgsqlParameter<long> { TypedValue = question.Offset });
        batch.BatchCommands.Insert(0, Tenancy.ActFor(question.TenantId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var attempts = new List<AttemptView>();
        while (await reader.ReadAsync(cancellationToken)) attempts.Add(View(reader));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (attempts, reader.GetInt64(0));
    }

    /// <returns>Null when the tenant has no such attempt.</returns>
    public virtual async Task<AttemptView?> FindAsync(string tenantId, AttemptId attempt, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"select {Columns} {From} where a.tenant_id = $1 and a.attempt_id = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = attempt.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? View(reader) : null;
    }

    /// <returns>The item's latest attempt that succeeded; null when it was exported without one.</returns>
    public async Task<AttemptId?> LastSuccessAsync(string tenantId, SystemId system, RecordId record, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            tenantId, "select attempt_id from ledger.attempts where tenant_id = $1 and record_id = $2 and system_id = $3 and status = 'successful' order by changed_at desc limit 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = record.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = system.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is long id ? new AttemptId(id) : null;
    }

    private static AttemptView View(NpgsqlDataReader row) => new(new(row.GetString(0)), new(row.GetString(1)), ItemStates.ReadAttempt(row, 3), row.Text(2));

    private static string[] Names(IReadOnlyCollection<AttemptStatus> statuses) => [.. statuses.Select(status => ReadModels.Name(status))];

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
