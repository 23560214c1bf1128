using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Api.Tests.Commands;
using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Projections.Items;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>A filtered page is the same whether its records are looked for by their times or the queue is read through, and both are what the question means.</summary>
public sealed class FilteredPagesTests : IAsyncLifetime
{
    private const int Records = 600;
    private const string Tenant = "11111111-1111-1111-1111-111111111111";
    private static readonly DateTimeOffset Exported = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Entry> _entries = [];
    private TestDatabase _database = null!;
    private NpgsqlDataSource _owner = null!;
    private NpgsqlDataSource _requests = null!;

    private sealed record Entry(long Number, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool Ready, DateTimeOffset? ExportedSince);

    private sealed record Question(string System, int? Since, FilterGroup[] Groups, RecordSort? Sort, bool Descending, int Offset, int Limit);

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerKit.Template.CreateDatabaseAsync();
        _owner = LedgerDataSource.Create(_database.ConnectionString);
        (await RowSecurity.PrepareAsync(_owner)).ShouldBeNull();
        _requests = LedgerDataSource.CreateForRequests(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.05)]
    [InlineData(3, 0.95)]
    public async Task Both_ways_give_the_page_that_was_asked_for(int seed, double exported)
    {
        await FillAsync(new Random(seed), exported);
        var sizes = from system in Gen.Elements("erp", "erp", "filling", "never-seen")
                    from since in Gen.Elements<int?>(null, 0, 30, 99)
                    from sort in Gen.Elements<RecordSort?>(null, null, RecordSort.CreatedAt, RecordSort.UpdatedAt, RecordSort.Number)
                    from down in Gen.Elements(true, false)
                    from offset in Gen.Elements(0, 0, 1, 7, 60)
                    from limit in Gen.Elements(1, 3, 20, 60)
                    select (system, since, sort, down, offset, limit);
        Prop.ForAll(FilterGen.Groups, Arb.From(sizes), (groups, size) => Check(new(size.system, size.since, groups, size.sort, size.down, size.offset, size.limit)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithQuietOnSuccess(true));
    }

    private void Check(Question asked)
    {
        var sql = new FilterSql(key => key == FilterKey.CreatedAt ? "r.created_at" : "r.updated_at", RecordCondition.FirstParameter);
        var condition = new RecordCondition(sql.Condition(asked.Groups), sql.Parameters);
        DateTimeOffset? since = asked.Since is { } day ? Exported.AddDays(day) : null;
        var question = new QueueQuestion(Tenant, new SystemId(asked.System), since, 0, asked.Offset, asked.Limit, condition, asked.Sort is { } by ? [new(by, asked.Descending)] : null, WithItems: false);

        var expected = Meant(asked, since).Select(entry => entry.Number).ToList();
        foreach (var queue in new[] { new ExportQueue(_requests), new ExportQueue(_owner) })
        {
            Numbers(queue, question).ShouldBe(expected, "read through");
            Numbers(queue, question with { Condition = condition with { Ways = FilterTimes.Ways(asked.Groups) } }).ShouldBe(expected, "looked for by time");
            Numbers(queue, question with { Condition = condition with { Ways = FilterTimes.Ways(asked.Groups) }, WithItems = true }).ShouldBe(expected, "with items");
        }
    }

    private static List<long> Numbers(ExportQueue queue, QueueQuestion question) =>
        [.. queue.ReadAsync(question, CancellationToken.None).GetAwaiter().GetResult().Records.Select(record => record.Record.State.Number)];

    private IEnumerable<Entry> Meant(Question asked, DateTimeOffset? since)
    {
        var found = _entries.Where(entry => entry.Ready && FilterOracle.Passes(new(entry.CreatedAt, entry.UpdatedAt), asked.Groups)
            && (asked.System == "never-seen" || entry.ExportedSince is null || entry.ExportedSince > since));
        Func<Entry, long> key = asked.Sort switch { RecordSort.CreatedAt => entry => entry.CreatedAt.Ticks, RecordSort.UpdatedAt => entry => entry.UpdatedAt.Ticks, _ => entry => entry.Number };
        var sorted = asked.Sort is not null && asked.Descending ? found.OrderByDescending(key) : found.OrderBy(key);
        return sorted.ThenBy(entry => entry.Number).Skip(asked.Offset).Take(asked.Limit);
    }

    // Half of the times are shared by many entries, the other half belong to one each. Numbers lie side by side, and far apart.
    private async Task FillAsync(Random random, double exported)
    {
        var number = 0L;
        DateTimeOffset Time() => random.Next(2) == 0 ? FilterGen.Instants[random.Next(FilterGen.Instants.Length)] : new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(40_000_000));
        for (var entry = 0; entry < Records; entry++)
        {
            number += random.Next(20) == 0 ? random.Next(1, 5_000) : random.Next(1, 3);
            _entries.Add(new(number, Time(), Time(), random.Next(10) > 0, random.NextDouble() < exported ? Exported.AddMinutes(random.Next(100 * 24 * 60)) : null));
        }
        await using var command = _owner.CreateCommand("""
            insert into ledger.records (tenant_id, record_id, number, uuid, kind, source_type, stage, withdrawn, amount_minor, currency, posted_at, created_at, updated_at, details, content_hash, version,
                                        registered_at, revised_at, changed_at, ready_since)
            select $1, e.number, e.number, gen_random_uuid(), 'accounting_entry', 'card', 'ready', false, 1, 'EUR', now(), e.created::timestamptz, e.updated::timestamptz, '{"lines": []}', '', 1, now(), now(), now(),
                   case when e.ready then now() end
              from unnest($2::bigint[], $3::text[], $4::text[], $5::bool[]) as e (number, created, updated, ready)
            """);
        void Add<T>(T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        Add(Tenant);
        Add(_entries.Select(entry => entry.Number).ToArray());
        Add(_entries.Select(entry => DateTimeText.Canonical(entry.CreatedAt)).ToArray());
        Add(_entries.Select(entry => DateTimeText.Canonical(entry.UpdatedAt)).ToArray());
        Add(_entries.Select(entry => entry.Ready).ToArray());
        await command.ExecuteNonQueryAsync();
        foreach (var system in new[] { "erp", "filling" })
        {
            await using var items = _owner.CreateCommand($"""
                with exported as (
                  insert into ledger.items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, changed_at)
                  select $1, '{system}', e.number, e.number, 1, e.exported::timestamptz, e.exported::timestamptz, now() from unnest($2::bigint[], $3::text[]) as e (number, exported) where e.exported is not null
                  returning number, exported_since),
                blocks as (
                  insert into ledger.number_blocks (tenant_id, system_id, level, block, newest)
                  select $1, '{system}', level, number >> 6 * level, max(ledger.next_minute(exported_since)) from exported cross join generate_series(1, 3) level group by 3, 4),
                queue as (
                  insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since)
                  select $1, '{system}', r.number, r.record_id, r.ready_since from ledger.records r where r.tenant_id = $1 and '{system}' = 'erp' and not exists (select from exported e where e.number = r.number))
                insert into ledger.systems (tenant_id, system_id, offered_through) values ($1, '{system}', case '{system}' when 'filling' then 0 end)
                """);
            items.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Tenant });
            items.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. _entries.Select(entry => entry.Number)] });
            items.Parameters.Add(new NpgsqlParameter<string?[]> { TypedValue = [.. _entries.Select(entry => entry.ExportedSince is { } at ? DateTimeText.Canonical(at) : null)] });
            await items.ExecuteNonQueryAsync();
        }
    }
}
