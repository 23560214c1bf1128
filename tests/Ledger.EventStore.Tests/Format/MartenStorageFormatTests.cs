using System.Text.Json;

namespace Ledger.EventStore.Tests.Format;

/// <summary>
/// The tables as an application with Marten 9 in hand expects them: string stream ids, conjoined tenancy, correlation,
/// causation and headers switched on (docs/adr/0001).
/// </summary>
public sealed class MartenStorageFormatTests(LedgerDatabase ledger) : IClassFixture<LedgerDatabase>
{
    private const string Streams = """
        tenant_id    character varying         not null  '*DEFAULT*'::character varying
        id           character varying         not null
        type         character varying
        version      bigint
        timestamp    timestamp with time zone  not null  now()
        created      timestamp with time zone  not null  now()
        is_archived  boolean                             false
        """;

    // seq_id has a default of ours: Marten draws the number itself, from the same sequence. So has timestamp, which we always give.
    private const string Events = """
        seq_id          bigint                    not null  nextval('ledger.mt_events_sequence'::regclass)
        id              uuid                      not null
        stream_id       character varying
        version         bigint                    not null
        data            jsonb                     not null
        bdata           bytea
        type            character varying(500)    not null
        timestamp       timestamp with time zone  not null  now()
        tenant_id       character varying                   '*DEFAULT*'::character varying
        mt_dotnet_type  character varying
        correlation_id  character varying
        causation_id    character varying
        headers         jsonb
        is_archived     boolean                             false
        """;

    private const string Progression = """
        name          character varying         not null
        last_seq_id   bigint
        last_updated  timestamp with time zone            transaction_timestamp()
        """;

    [Theory]
    [InlineData("mt_streams", Streams, "p tenant_id, id")]
    [InlineData("mt_events", Events, "p seq_id", "u tenant_id, stream_id, version")]
    [InlineData("mt_event_progression", Progression, "p name")]
    public async Task A_table_has_the_columns_and_keys_of_the_format(string table, string columns, params string[] keys)
    {
        (await ColumnsAsync(table)).ShouldBe(columns.Split('\n').Select(OneSpaced));
        (await KeysAsync(table)).ShouldBe(keys);
    }

    [Fact]
    public async Task The_sequence_hands_out_single_numbers_which_the_order_of_sealing_rests_on() =>
        (await ledger.ScalarAsync<string>("select concat_ws(' ', data_type, start_value, increment_by, cache_size, cycle) from pg_sequences where schemaname = 'ledger' and sequencename = 'mt_events_sequence'"))
            .ShouldBe("bigint 1 1 1 f");

    [Fact]
    public async Task An_append_fills_the_rows_as_the_format_says()
    {
        var tenant = LedgerDatabase.NewTenant();
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);
        var store = new EventStore(ledger.DataSource, new ManualClock(at));
        var exported = Sample.Event("""{"systemId": "erp", "amountMinor": 1250}""");
        var metadata = new EventMetadata("request-1", "message-1", "client-1", "native");
        await store.AppendAsync(tenant, metadata, [new StreamAppend("item/erp/1", "item", 0, [exported])], cancellationToken: TestContext.Current.CancellationToken);

        var stream = await RowAsync("mt_streams", tenant);
        var row = await RowAsync("mt_events", tenant);

        stream.ShouldBe($$"""
            {"tenant_id": "{{tenant}}", "id": "item/erp/1", "type": "item", "version": 1, "timestamp": "2026-03-01T12:00:00.123456+00:00", "created": "2026-03-01T12:00:00.123456+00:00", "is_archived": false}
            """, StringCompareShould.IgnoreLineEndings);
        row.ShouldBe($$$"""
            {"id": "{{{exported.Id}}}", "stream_id": "item/erp/1", "version": 1, "data": {"systemId": "erp", "amountMinor": 1250}, "bdata": null, "type": "item_exported", "timestamp": "2026-03-01T12:00:00.123456+00:00", "tenant_id": "{{{tenant}}}", "mt_dotnet_type": "Ledger.Sample.ItemExported, Ledger.Sample", "correlation_id": "request-1", "causation_id": "message-1", "headers": {"actor": "client-1", "dialect": "native"}, "is_archived": false}
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public async Task What_the_request_itself_caused_has_no_cause()
    {
        var tenant = LedgerDatabase.NewTenant();
        await ledger.Store.MustAppendAsync(tenant, Sample.To("a", 0));

        using var row = JsonDocument.Parse(await RowAsync("mt_events", tenant));
        row.RootElement.GetProperty("causation_id").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private async Task<string[]> ColumnsAsync(string table) =>
        await ledger.ScalarAsync<string[]>("""
            select array(
              select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid))
                from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
               where a.attrelid = ('ledger.' || $1)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum)
            """, table);

    private async Task<string[]> KeysAsync(string table) =>
        await ledger.ScalarAsync<string[]>("""
            select array(
              select c.contype::text || ' ' || (select string_agg(a.attname, ', ' order by k.place) from unnest(c.conkey) with ordinality k (number, place) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number)
                from pg_constraint c where c.conrelid = ('ledger.' || $1)::regclass and c.contype in ('p', 'u', 'f', 'c') order by c.contype)
            """, table);

    // The number is drawn from a sequence the tests of this class share; the rest of the row is known.
    private async Task<string> RowAsync(string table, string tenant)
    {
        var row = await ledger.ScalarAsync<string>($"select to_jsonb(t) - 'seq_id' from ledger.{table} t where tenant_id = $1", tenant);
        var columns = await ColumnsAsync(table);
        using var json = JsonDocument.Parse(row);
        var inOrder = columns.Select(column => column.Split(' ')[0]).Where(name => name != "seq_id").Select(name => $"\"{name}\": {json.RootElement.GetProperty(name).GetRawText()}");
        return $"{{{string.Join(", ", inOrder)}}}";
    }

    private static string OneSpaced(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
