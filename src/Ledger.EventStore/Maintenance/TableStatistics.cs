using Npgsql;

namespace Ledger.EventStore.Maintenance;

/// <summary>
/// Keeps the planner's statistics abreast of growth. Autovacuum looks once a minute; an import can make a table a thousand
/// times larger in that time, while prepared statements keep the plans, and the indexes, that were as good as any other when
/// the table was empty. Analysing a table lets every session plan anew.
/// </summary>
public sealed class TableStatistics(NpgsqlDataSource dataSource)
{
    /// <summary>How often to look. A busy session tells PostgreSQL about its rows once a second, an idle one within ten.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Below this no plan is bad enough to matter.</summary>
    public const int SmallestTable = 500;

    /// <summary>Analyses the tables of schema <c>ledger</c> that have doubled since they were last analysed: about twenty times on the way to 10⁸ rows.</summary>
    /// <returns>Their names.</returns>
    public async Task<IReadOnlyList<string>> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var grown = await GrownAsync(connection, cancellationToken);
        foreach (var table in grown)
        {
            // Whoever holds the table (autovacuum, another node, a migration) is doing the same or something more important.
            await using var analyze = new NpgsqlCommand($"analyze (skip_locked) ledger.{table}", connection);
            await analyze.ExecuteNonQueryAsync(cancellationToken);
        }
        return grown;
    }

    // reltuples is the number of rows at the last analyze or vacuum, -1 before the first.
    private static async Task<IReadOnlyList<string>> GrownAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select quote_ident(s.relname) from pg_stat_user_tables s join pg_class c on c.oid = s.relid
             where s.schemaname = 'ledger' and s.n_live_tup >= $1 and s.n_live_tup >= 2 * c.reltuples order by 1
            """, connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = SmallestTable } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) tables.Add(reader.GetString(0));
        return tables;
    }
}
