using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Writing;

/// <summary>Typed parameters for set-based statements: one array per column, one element per row.</summary>
internal static class Parameters
{
    public static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value };

    public static NpgsqlParameter Texts<T>(IReadOnlyList<T> rows, Func<T, string?> column) => Array(rows, column, NpgsqlDbType.Varchar);
    public static NpgsqlParameter Longs<T>(IReadOnlyList<T> rows, Func<T, long> column) => Array(rows, column, NpgsqlDbType.Bigint);
    public static NpgsqlParameter Ints<T>(IReadOnlyList<T> rows, Func<T, int> column) => Array(rows, column, NpgsqlDbType.Integer);
    public static NpgsqlParameter NullableLongs<T>(IReadOnlyList<T> rows, Func<T, long?> column) => Array(rows, column, NpgsqlDbType.Bigint);
    public static NpgsqlParameter Booleans<T>(IReadOnlyList<T> rows, Func<T, bool> column) => Array(rows, column, NpgsqlDbType.Boolean);
    public static NpgsqlParameter Guids<T>(IReadOnlyList<T> rows, Func<T, Guid> column) => Array(rows, column, NpgsqlDbType.Uuid);
    public static NpgsqlParameter NullableGuids<T>(IReadOnlyList<T> rows, Func<T, Guid?> column) => Array(rows, column, NpgsqlDbType.Uuid);
    public static NpgsqlParameter Jsons<T>(IReadOnlyList<T> rows, Func<T, byte[]> column) => Array(rows, column, NpgsqlDbType.Jsonb);
    public static NpgsqlParameter Times<T>(IReadOnlyList<T> rows, Func<T, DateTimeOffset?> column) => Array(rows, row => column(row)?.UtcDateTime, NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter<TColumn[]> Array<T, TColumn>(IReadOnlyList<T> rows, Func<T, TColumn> column, NpgsqlDbType type)
    {
        var values = new TColumn[rows.Count];
        for (var index = 0; index < values.Length; index++) values[index] = column(rows[index]);
        return new NpgsqlParameter<TColumn[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
