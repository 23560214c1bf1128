using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Webhooks;

/// <summary>Commands and nullable parameters of the webhook tables.</summary>
internal static class WebhookSql
{
    public static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static void AddAll(this NpgsqlParameterCollection collection, params NpgsqlParameter[] parameters) => collection.AddRange(parameters);

    public static NpgsqlParameter Nullable(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    public static NpgsqlParameter Time(DateTimeOffset? time) => new() { Value = (object?)time?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
