using Npgsql;

namespace Ledger.Bench.Bare;

/// <summary>The yardstick of a page: 100 rows of the queue's index in order, their records, every column read and thrown away.</summary>
internal static class BarePage
{
    private const string Sql = """
        select r.* from (select number, record_id from ledger.pending where tenant_id = $1 and system_id = $2 and ready_since is not null and number > $3 order by number limit 100) p
          join ledger.records r on r.tenant_id = $1 and r.record_id = p.record_id order by p.number
        """;

    public static async Task<int> ReadAsync(BenchDatabase database, string system, long after)
    {
        await using var command = database.DataSource.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = BenchDatabase.TenantId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = system });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        await using var reader = await command.ExecuteReaderAsync();
        var row = new object[reader.FieldCount];
        while (await reader.ReadAsync()) reader.GetValues(row);
        return 1;
    }
}
