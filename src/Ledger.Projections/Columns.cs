using Ledger.Domain.Items;
using Npgsql;

namespace Ledger.Projections;

/// <summary>Nullable columns.</summary>
internal static class Columns
{
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset? Time(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>Type, reason and time of a failure in three columns; null when there is no time.</summary>
    public static ExportFailure? Failure(this NpgsqlDataReader row, int column) =>
        row.Time(column + 2) is { } at ? new ExportFailure(row.Text(column), row.Text(column + 1), at) : null;
}
