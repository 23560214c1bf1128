using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Records;

/// <summary>What to ask of a tenant's records, as one system sees them. Withdrawn records are left out.</summary>
/// <param name="From">Changed then or later; null: whenever.</param>
/// <param name="Before">Changed earlier than that.</param>
/// <param name="After">The last record of the page before this one.</param>
public sealed record ReviewQuestion(
    string TenantId, SystemId System, IReadOnlyCollection<RecordId>? Ids, ReviewStatus? Status, IReadOnlyCollection<SourceType>? SourceTypes,
    DateTimeOffset? From, DateTimeOffset? Before, (DateTimeOffset ChangedAt, RecordId Id)? After, int Limit);

/// <summary>A record as one system sees it.</summary>
/// <param name="Version">Events of the record and of its item.</param>
/// <param name="ChangedAt">Recorded time of the latest of them.</param>
public sealed record ReviewedRecord(RecordView Record, ReviewStatus Status, long Version, DateTimeOffset ChangedAt);

/// <summary>Pages of records in the order of their last change, be it of the record or of its item in the system.</summary>
public sealed class ReviewPages(NpgsqlDataSource dataSource)
{
    private const string ItemJoin = "left join ledger.items i on i.tenant_id = r.tenant_id and i.system_id = $2 and i.record_id = r.record_id";
    private const string InOrder = "order by changed_at, record_id limit";

    /// <returns>The page, whether there are more, and how many records match in all.</returns>
    public async Task<(List<ReviewedRecord> Records, bool HasMore, long Total)> ReadAsync(ReviewQuestion question, CancellationToken cancellationToken)
    {
        var queued = question is { Ids: null, Status: ReviewStatus.ReadyForExport } && await HasQueueAsync(question, cancellationToken);
        await using var batch = dataSource.CreateBatch(question.TenantId);
        batch.BatchCommands.Add(Page(question, queued));
        batch.BatchCommands.Add(Count(question, queued));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var records = await ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var hasMore = records.Count > question.Limit;
        if (hasMore) records.RemoveAt(question.Limit);
        return (records, hasMore, reader.GetInt64(0));
    }

    /// <returns>Null when the tenant has no such record, or it is withdrawn.</returns>
    public async Task<ReviewedRecord?> FindAsync(string tenantId, SystemId system, RecordId id, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(Page(new(tenantId, system, [id], null, null, null, null, null, 1), queued: false));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return (await ReadAsync(reader, cancellationToken)).SingleOrDefault();
    }

    private static NpgsqlBatchCommand Page(ReviewQuestion question, bool queued)
    {
        var sql = new Statement(question);
        var limit = sql.Value(question.Limit + 1);
        return sql.Finish($"""
            with page as materialized (select record_id, changed_at from ({Keys(sql, question, queued, limit)}) k {InOrder} {limit})
            select {RecordView.Columns}, coalesce(i.version, 0), i.exported_since, i.failure_at, page.changed_at
              from page join ledger.records r on r.tenant_id = $1 and r.record_id = page.record_id {ItemJoin}
             order by page.changed_at, page.record_id
            """);
    }

    private static NpgsqlBatchCommand Count(ReviewQuestion question, bool queued)
    {
        var sql = new Statement(question);
        return sql.Finish($"select count(*) from ({Keys(sql, question with { After = null }, queued, limit: null)}) k");
    }

    /// <summary>
    /// Key and time of what matches. A system's queue answers what is ready, ids answer for themselves. All else follows two indexes at once, of
    /// records by their change and of items by theirs: each record is found in the one that holds its later change.
    /// </summary>
    /// <param name="limit">Null: all of them, in any order.</param>
    private static string Keys(Statement sql, ReviewQuestion question, bool queued, string? limit)
    {
        var condition = Condition(sql, question);
        var inTimeOrder = question.Ids is null && !queued && (limit is not null || question.From is not null || question.Before is not null);
        if (!inTimeOrder)
        {
            var source = queued
                ? $"ledger.pending p join ledger.records r on r.tenant_id = p.tenant_id and r.record_id = p.record_id {ItemJoin} where p.tenant_id = $1 and p.system_id = $2 and p.ready_since is not null"
                : $"ledger.records r {ItemJoin} where r.tenant_id = $1";
            return $"""
                select m.record_id, m.changed_at from (select r.record_id, greatest(r.changed_at, i.changed_at) as changed_at from {source} and {condition}) m
                 where true {Window(sql, question, "m.changed_at", "m.record_id")}
                """;
        }
        var first = limit is null ? "" : $"{InOrder} {limit}";
        return $"""
            (select r.record_id, r.changed_at from ledger.records r {ItemJoin}
              where r.tenant_id = $1 and (i.changed_at is null or i.changed_at <= r.changed_at) and {condition} {Window(sql, question, "r.changed_at", "r.record_id")} {first})
            union all
            (select i.record_id, i.changed_at from ledger.items i join ledger.records r on r.tenant_id = i.tenant_id and r.record_id = i.record_id
              where i.tenant_id = $1 and i.system_id = $2 and i.changed_at > r.changed_at and {condition} {Window(sql, question, "i.changed_at", "i.record_id")} {first})
            """;
    }

    private static string Condition(Statement sql, ReviewQuestion question)
    {
        var condition = "not r.withdrawn";
        if (question.Status is { } status) condition += $" and {ReviewStatuses.Sql(status)}";
        if (question.SourceTypes is { } types) condition += $" and r.source_type = any ({sql.Values(types.Select(ReadModels.Name))})";
        if (question.Ids is { } ids) condition += $" and r.record_id = any ({sql.Values(ids.Select(id => id.Value))})";
        return condition;
    }

    // The first column is compared by itself, too: the index of items ends with it.
    private static string Window(Statement sql, ReviewQuestion question, string changedAt, string recordId)
    {
        var window = "";
        if (question.From is { } from) window += $" and {changedAt} >= {sql.Value(from)}";
        if (question.Before is { } before) window += $" and {changedAt} < {sql.Value(before)}";
        if (question.After is var (time, id)) window += $" and {changedAt} >= {sql.Value(time)} and ({changedAt}, {recordId}) > ({sql.Value(time)}, {sql.Value(id.Value)})";
        return window;
    }

    private static async Task<List<ReviewedRecord>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var records = new List<ReviewedRecord>();
        const int at = RecordView.ColumnCount;
        while (await reader.ReadAsync(cancellationToken))
        {
            var record = RecordView.Read(reader);
            var status = ReviewStatuses.Of(record.State, exported: !reader.IsDBNull(at + 1), reader.Time(at + 2));
            records.Add(new(record, status, record.State.Version + reader.GetInt64(at), reader.GetFieldValue<DateTimeOffset>(at + 3)));
        }
        return records;
    }

    // A system nobody has written to has no queue, and a new one's may still be filling: ask the records themselves then.
    private async Task<bool> HasQueueAsync(ReviewQuestion question, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(question.TenantId, "select 1 from ledger.systems where tenant_id = $1 and system_id = $2 and offered_through is null");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question.System.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>A statement in the making: $1 is the tenant, $2 the system, the rest is numbered as it comes.</summary>
    private sealed class Statement
    {
        private readonly NpgsqlBatchCommand _command = new();

        public Statement(ReviewQuestion question) => (_, _) = (Value(question.TenantId), Value(question.System.Value));

        public string Value(string value) => Add(new NpgsqlParameter<string> { TypedValue = value });

        public string Value(int value) => Add(new NpgsqlParameter<int> { TypedValue = value });

        public string Value(DateTimeOffset value) => Add(new NpgsqlParameter<DateTime> { TypedValue = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });

        public string Values(IEnumerable<string> values) => Add(new NpgsqlParameter<string[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });

        public NpgsqlBatchCommand Finish(string sql)
        {
            _command.CommandText = sql;
            return _command;
        }

        private string Add(NpgsqlParameter parameter)
        {
            _command.Parameters.Add(parameter);
            return string.Create(CultureInfo.InvariantCulture, $"${_command.Parameters.Count}");
        }
    }
}
