using System.Globalization;
using Npgsql;

namespace Ledger.Bench.Ledgers;

/// <summary>
/// Fills a ledger with as many records as a question needs, set-based: the rows the service would have written, in minutes instead of hours. A test
/// replays a small one, events included, and finds every read model equal.
/// </summary>
public static class GeneratedLedger
{
    // A prime far from any round number: stepping by it visits every number once, in an order that has nothing to do with theirs.
    private const long Step = 7_368_787;

    // Many rows are faster to write first and to index afterwards.
    private const long IndexAfterwards = 1_000_000;

    private static readonly string[] Filled = ["records", "items", "pending", "number_blocks", "system_counts", "systems"];

    /// <summary>
    /// One tenant; records 1 to <paramref name="records"/>, all ready, registered over 300 days until 100 days ago. In each system the given share (0 to 1) is
    /// pending, scattered over all numbers; the rest was exported in the last 100 days, evenly, in an order that has nothing to do with numbers.
    /// </summary>
    /// <param name="withEvents">Also writes the events; without them only pages can be asked for.</param>
    public static async Task FillAsync(
        NpgsqlDataSource database, string tenantId, long records, IReadOnlyList<(string System, double PendingShare)> systems, bool withEvents = false, CancellationToken cancellationToken = default)
    {
        if (records % Step == 0) throw new ArgumentOutOfRangeException(nameof(records), $"Must not be a multiple of {Step}.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        async Task RunAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await RunAsync("set statement_timeout = 0; set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set synchronous_commit = off");
        try
        {
            var indexes = records < IndexAfterwards ? [] : await IndexesAsync(connection, cancellationToken);
            foreach (var (drop, _) in indexes) await RunAsync(drop);
            await RunAsync(Records, tenantId, records);
            if (withEvents) await RunAsync(RecordEvents, tenantId);
            foreach (var (system, share) in systems)
            {
                var exported = records - (long)Math.Ceiling(records * share);
                await RunAsync("insert into ledger.systems (tenant_id, system_id) values ($1, $2)", tenantId, system);
                await RunAsync(Items, tenantId, system, records, exported);
                await RunAsync(Pending, tenantId, system, records, exported);
                await RunAsync("insert into ledger.system_counts (tenant_id, system_id, slot, offered, exported, failed) values ($1, $2, 0, $3, $4, 0)", tenantId, system, records - exported, exported);
                await RunAsync(Blocks, tenantId, system);
                if (withEvents) await RunAsync(ItemEvents, tenantId, system);
            }
            foreach (var (_, create) in indexes) await RunAsync(create);
            foreach (var table in Filled) await RunAsync($"vacuum (analyze) ledger.{table}");
        }
        finally
        {
            await RunAsync("reset statement_timeout; reset maintenance_work_mem; reset work_mem; reset synchronous_commit");
        }
    }

    private static async Task<List<(string Drop, string Create)>> IndexesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce('alter table ' || i.indrelid::regclass || ' drop constraint ' || quote_ident(c.conname), 'drop index ' || i.indexrelid::regclass),
                   coalesce('alter table ' || i.indrelid::regclass || ' add constraint ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), pg_get_indexdef(i.indexrelid))
              from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
             where i.indrelid in ('ledger.records'::regclass, 'ledger.items'::regclass, 'ledger.pending'::regclass)
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var indexes = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken)) indexes.Add((reader.GetString(0), reader.GetString(1)));
        return indexes;
    }

    private const string Records = """
        insert into ledger.records (tenant_id, record_id, number, uuid, kind, source_type, stage, withdrawn, amount_minor, currency, posted_at, created_at, updated_at, text, account, contra_account,
                                    details, content_hash, version, registered_at, revised_at, changed_at, ready_since)
        select $1, n, n, md5($1 || '/' || n)::uuid, 'accounting_entry', 'card', 'ready', false, n * 7 % 1000000, 'EUR', t.at - interval '1 day', t.at - interval '1 hour', t.at - interval '50 minutes',
               'Purchase ' || n, '6800', '2400', '{"lines": []}', encode(sha256(n::text::bytea), 'base64'), 1, t.at, t.at, t.at, t.at
          from generate_series(1, $2::bigint) n cross join lateral (select date_trunc('day', now()) - interval '400 days' + interval '300 days' * (n::float8 / $2)) t (at)
        """;

    // The heap is in the order of the exports: neighbours by number are strangers on disk, as after a year of polling by many clients.
    private static readonly string Items = string.Create(CultureInfo.InvariantCulture, $"""
        insert into ledger.items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, changed_at)
        select $1, $2, n.number, n.number, 1, n.at, n.at, n.at
          from (select 1 + place * {Step} % $3::bigint as number, date_trunc('day', now()) - interval '100 days' + interval '100 days' * (place::float8 / $3) as at
                  from generate_series(0, $4::bigint - 1) place) n
        """);

    private static readonly string Pending = string.Create(CultureInfo.InvariantCulture, $"""
        insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since)
        select $1, $2, n.number, n.number, date_trunc('day', now()) - interval '400 days' + interval '300 days' * (n.number::float8 / $3)
          from (select 1 + place * {Step} % $3::bigint as number from generate_series($4::bigint, $3::bigint - 1) place order by 1) n
        """);

    private const string Blocks = """
        insert into ledger.number_blocks (tenant_id, system_id, level, block, newest)
        select $1, $2, l.level, i.number >> 6 * l.level, max(ledger.next_minute(i.exported_since))
          from ledger.items i cross join generate_series(1, 3) l (level) where i.tenant_id = $1 and i.system_id = $2 group by 3, 4
        """;

    private const string RecordEvents = """
        with streams as (
          insert into ledger.mt_streams (tenant_id, id, type, version, "timestamp", created)
          select tenant_id, 'record/' || record_id, 'record', 1, registered_at, registered_at from ledger.records where tenant_id = $1)
        insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, headers)
        select gen_random_uuid(), 'record/' || record_id, 1,
               jsonb_build_object('number', number, 'uuid', uuid, 'contentHash', content_hash, 'content', jsonb_build_object(
                 'kind', kind, 'sourceType', source_type, 'stage', stage, 'amount', jsonb_build_object('value', amount_minor, 'currency', currency), 'postedAt', posted_at, 'createdAt', created_at,
                 'updatedAt', updated_at, 'text', text, 'account', account, 'contraAccount', contra_account, 'lines', '[]'::jsonb)),
               'record_registered', registered_at, tenant_id, 'Ledger.Domain.Records.RecordEvent+RecordRegistered, Ledger.Domain', 'generated', '{"actor": "generator", "dialect": "native"}'
          from ledger.records where tenant_id = $1 order by number
        """;

    private const string ItemEvents = """
        with streams as (
          insert into ledger.mt_streams (tenant_id, id, type, version, "timestamp", created)
          select tenant_id, 'item/' || system_id || '/' || record_id, 'item', 1, changed_at, changed_at from ledger.items where tenant_id = $1 and system_id = $2)
        insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, mt_dotnet_type, correlation_id, headers)
        select gen_random_uuid(), 'item/' || system_id || '/' || record_id, 1, '{}', 'record_marked_exported', changed_at, tenant_id,
               'Ledger.Domain.Items.ItemEvent+RecordMarkedExported, Ledger.Domain', 'generated', '{"actor": "generator", "dialect": "native"}'
          from ledger.items where tenant_id = $1 and system_id = $2 order by changed_at
        """;
}
