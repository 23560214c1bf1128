using System.Text;
using System.Text.Json;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.EventStore.Tests.Reading;

public sealed class ReadingStreamsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _tenant = LedgerDatabase.NewTenant();
    private readonly ManualClock _clock = new(Noon);
    private LedgerDatabase _ledger = null!;
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerDatabase.CreateAsync();
        _store = new EventStore(_ledger.DataSource, _clock);
    }

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Everything_an_event_was_given_comes_back()
    {
        var given = new NewEvent(Guid.CreateVersion7(), "item_failed_v2", "Ledger.Domain.ItemFailed, Ledger.Domain", """{"text": "Größe \\ \"x\" 🙂", "amount": -9223372036854775808}"""u8.ToArray());
        var metadata = new EventMetadata("request-7", "message-3", "client-9/user-2", "export-jobs");
        var result = await _store.AppendAsync(_tenant, metadata, [new StreamAppend("item/erp/4711", "item", 0, [given])], cancellationToken: Token);

        var read = (await ReadAsync("item/erp/4711")).ShouldHaveSingleItem();

        (read.TenantId, read.StreamId, read.Version, read.Position).ShouldBe((_tenant, "item/erp/4711", 1, null));
        (read.Id, read.Type, read.RecordedAt).ShouldBe((given.Id, given.Type, result.ShouldBeOfType<AppendResult.Appended>().RecordedAt));
        (read.CorrelationId, read.CausationId, read.Actor, read.Dialect).ShouldBe(("request-7", "message-3", "client-9/user-2", "export-jobs"));
        JsonElement.DeepEquals(Json(read.Data), Json(given.Data)).ShouldBeTrue(Encoding.UTF8.GetString(read.Data));
    }

    [Fact]
    public async Task An_unknown_stream_is_empty() => (await ReadAsync("nobody")).ShouldBeEmpty();

    [Fact]
    public async Task Up_to_a_version_leaves_out_later_ones()
    {
        await _store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 4));

        (await ReadAsync("a", upToVersion: 3)).Select(read => read.Version).ShouldBe([1, 2, 3]);
        (await ReadAsync("a", upToVersion: 0)).ShouldBeEmpty();
        (await ReadAsync("a", upToVersion: 9)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Up_to_a_time_includes_what_was_recorded_exactly_then()
    {
        for (var expected = 0; expected < 3; expected++, _clock.Now += TimeSpan.FromMicroseconds(1))
            await _store.MustAppendAsync(_tenant, Sample.To("a", expected));

        (await ReadAsync("a", upToTime: Noon.AddTicks(-1))).ShouldBeEmpty();
        (await ReadAsync("a", upToTime: Noon)).Count.ShouldBe(1);
        (await ReadAsync("a", upToTime: Noon.AddMicroseconds(1).ToOffset(TimeSpan.FromHours(5)))).Count.ShouldBe(2);
        (await ReadAsync("a", upToTime: DateTimeOffset.MaxValue)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Several_streams_come_merged_in_the_order_they_were_sealed_with_the_unsealed_last()
    {
        await _store.MustAppendAsync(_tenant, Sample.To("record", 0));
        await _store.MustAppendAsync(_tenant, Sample.To("item/x", 0), Sample.To("elsewhere", 0));
        await _store.MustAppendAsync(_tenant, Sample.To("record", 1), Sample.To("item/x", 1));
        await SealAsync();
        await _store.MustAppendAsync(_tenant, Sample.To("record", 2));

        var merged = await _store.ReadStreamsAsync(_tenant, ["item/x", "record", "record", "unknown"], cancellationToken: Token);

        merged.Select(read => (read.StreamId, read.Version, read.Position)).ShouldBe([
            ("record", 1L, 1L), ("item/x", 1L, 2L), ("record", 2L, 4L), ("item/x", 2L, 5L), ("record", 3L, (long?)null)]);
        (await _store.ReadStreamsAsync(_tenant, ["item/x", "record"], upToPosition: 4, cancellationToken: Token)).Count.ShouldBe(3);
        (await _store.ReadStreamsAsync(_tenant, ["record"], upToTime: Noon, cancellationToken: Token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_feed_is_one_tenants_and_the_ledger_is_everybodys()
    {
        var other = LedgerDatabase.NewTenant();
        await _store.MustAppendAsync(_tenant, Sample.To("a", 0, count: 2));
        await _store.MustAppendAsync(other, Sample.To("a", 0));
        await _store.MustAppendAsync(_tenant, Sample.To("a", 2));
        await SealAsync();
        await _store.MustAppendAsync(_tenant, Sample.To("a", 3));   // not sealed: in no feed

        (await _store.ReadFeedAsync(_tenant, 0, 100, Token)).Select(read => (read.Position, read.Version)).ShouldBe([(1L, 1L), (2L, 2L), (3L, 3L)]);
        (await _store.ReadFeedAsync(_tenant, 1, 1, Token)).ShouldHaveSingleItem().Position.ShouldBe(2);
        (await _store.ReadFeedAsync(other, 0, 100, Token)).ShouldHaveSingleItem().Position.ShouldBe(1);
        (await _store.ReadLedgerAsync(1, 2, Token)).Select(read => (read.TenantId, read.Version)).ShouldBe([(_tenant, 2L), (other, 1L)]);
        (await _store.HeadAsync(_tenant, Token)).ShouldBe(3);
        (await _store.HeadAsync("nobody", Token)).ShouldBe(0);
    }

    [Fact]
    public async Task A_rebuild_that_folds_slowly_is_not_cut_off_by_the_guard_rail_for_stuck_statements()
    {
        // Far more than the sockets between server and client hold, so that the server has to wait for the reader.
        await _ledger.ExecuteAsync("""
            insert into ledger.mt_events (id, stream_id, version, data, type, tenant_id)
            select gen_random_uuid(), 'a', n, jsonb_build_object('text', repeat('x', 200000)), 'item_exported', 't' from generate_series(1, 200) n
            """);
        await using var impatient = LedgerDataSource.Create(_ledger.ConnectionString + ";Options=-c statement_timeout=1s");
        var read = 0;

        await foreach (var _ in new EventStore(impatient).ReadAllAsync(Token))
        {
            if (++read == 1) await Task.Delay(TimeSpan.FromMilliseconds(2_500), Token);
        }

        read.ShouldBe(200);
        await using var next = impatient.CreateCommand("show statement_timeout");
        (await next.ExecuteScalarAsync(Token)).ShouldBe("1s");
    }

    [Fact]
    public async Task A_body_that_is_not_json_for_PostgreSQL_is_refused_and_nothing_is_written()
    {
        var truncated = Sample.Event("""{"a": """);
        var zero = Sample.Event("""{"a": "\u0000"}""");

        foreach (var refused in new[] { truncated, zero })
            await Should.ThrowAsync<PostgresException>(() => _store.AppendAsync(_tenant, Sample.To("b", 0), new StreamAppend("a", "item", 0, [refused])));

        (await ReadAsync("b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_id_is_a_string_and_nothing_else()
    {
        string[] ids = ["item/x/'; drop table ledger.mt_events; --", "{1,2}", "a\\b\"c", "NULL", " ", "Größe/🙂"];

        await _store.MustAppendAsync(_tenant, [.. ids.Select(id => Sample.To(id, 0))]);

        foreach (var id in ids) (await ReadAsync(id)).ShouldHaveSingleItem().StreamId.ShouldBe(id);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<List<RecordedEvent>> ReadAsync(string stream, long? upToVersion = null, DateTimeOffset? upToTime = null) =>
        _store.ReadStreamAsync(_tenant, stream, upToVersion, upToTime, Token);

    private async Task SealAsync() => await (await Sealer.LeadAsync(_ledger.DataSource, Token)).SealAsync(cancellationToken: Token);

    private static JsonElement Json(byte[] utf8) => JsonDocument.Parse(utf8).RootElement;
}
