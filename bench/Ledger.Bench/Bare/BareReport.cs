using System.Globalization;
using System.Text;
using Ledger.Bench.Ledgers;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Bench.Bare;

/// <summary>
/// The yardstick of everything that appends: the smallest SQL that makes the same rows durable. One statement, arrays, prepared, one round
/// trip. It checks nothing: no expected versions, no lock order, no recorded time that cannot run backwards.
/// </summary>
internal sealed class BareReport(NpgsqlDataSource dataSource, string tenantId, ReportedItems items)
{
    private const string Sql = """
        with u as (
          update ledger.mt_streams s set version = s.version + 1, "timestamp" = now()
            from unnest($2::varchar[], $3::varchar[]) as i (stream_id, record_id)
           where s.tenant_id = $1 and s.id = i.stream_id
          returning s.id, s.version, i.record_id),
        e as (
          insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, headers)
          select gen_random_uuid(), u.id, u.version, $4, 'item_exported', now(), $1, 'Ledger.Domain.Items.ItemEvent+ItemExported, Ledger.Domain', 'bench', '{"actor": "bench", "dialect": "native"}' from u)
        update ledger.items i set version = u.version, last_exported_at = now(), external_id = $5, changed_at = now()
          from u where i.tenant_id = $1 and i.system_id = 'erp' and i.record_id = u.record_id
        """;

    public async Task<int> ReportAsync(int worker, int workers, int batch)
    {
        var numbers = new long[batch];
        items.NextBatch(worker, workers, numbers);
        var ids = Array.ConvertAll(numbers, number => number.ToString(CultureInfo.InvariantCulture));
        var reference = string.Create(CultureInfo.InvariantCulture, $"JE-{ReportedItems.NextReference()}");
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Array.ConvertAll(ids, id => $"item/erp/{id}") });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Encoding.UTF8.GetBytes($$"""{"externalId":"{{reference}}"}"""), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reference });
        return await command.ExecuteNonQueryAsync() > 0 ? batch : throw new InvalidOperationException("The bare statement changed nothing.");
    }
}
