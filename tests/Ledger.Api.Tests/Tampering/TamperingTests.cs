using Ledger.Projections.Rebuild;
using Ledger.Proof.Bundles;

namespace Ledger.Api.Tests.Tampering;

/// <summary>Whatever somebody with the database in hand does to a history: it is found, and the first position that is wrong is named.</summary>
public sealed class TamperingTests(BusyLedger ledger) : IClassFixture<BusyLedger>
{
    /// <summary>Of each kind. A campaign may ask for more.</summary>
    private static readonly int Mutations = int.TryParse(Environment.GetEnvironmentVariable("LEDGER_MUTATIONS"), out var given) ? given : 200;

    private const string Away = "update ledger.event_positions set position = -position where tenant_id = $1 and position >= $2 and $3::bigint is not null; ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Of one event: $1 tenant, $2 position, $3 a number that is never the same.
    private static string Event(string change) =>
        $"update ledger.mt_events e set {change} from ledger.event_positions p where p.seq_id = e.seq_id and p.tenant_id = $1 and p.position = $2 and $3::bigint is not null";

    [Fact]
    public Task A_body_that_was_edited() => EachAsync(
        [
            Event("data = data || jsonb_build_object('forged', $3)"), Event("data = data - coalesce((select min(name) from jsonb_object_keys(data) as name), '') || jsonb_build_object('more', 'x')"),
            Event("data = jsonb_set(data, array[coalesce((select max(name) from jsonb_object_keys(data) as name), 'x')], to_jsonb('forged ' || $3))"), Event("data = jsonb_build_object('was', data)"), Event("data = '[]'"),
        ],
        Fault.BodyEdited, at => at);

    [Fact]
    public Task A_time_an_actor_or_anything_else_of_the_envelope_that_was_edited() => EachAsync(
        [
            Event("\"timestamp\" = \"timestamp\" + $3 * interval '1 microsecond'"), Event("\"timestamp\" = \"timestamp\" - interval '1 microsecond'"), Event("headers = headers || '{\"actor\":\"mallory\"}'"),
            Event("headers = headers - 'dialect'"), Event("headers = null"), Event("type = type || '_v2'"), Event("id = gen_random_uuid()"), Event("correlation_id = coalesce(correlation_id, '') || 'x'"),
            Event("causation_id = coalesce(causation_id, '') || 'x'"), Event("stream_id = stream_id || 'x'"), Event("version = version + 1000 + $3"),
        ],
        Fault.EnvelopeEdited, at => at);

    [Fact]
    public Task An_event_that_was_deleted() => EachAsync(
        [
            "delete from ledger.mt_events e using ledger.event_positions p where p.seq_id = e.seq_id and p.tenant_id = $1 and p.position = $2 and $3::bigint is not null",
            "delete from ledger.event_positions where tenant_id = $1 and position = $2 and $3::bigint is not null",
        ],
        Fault.Missing, at => at);

    // What follows moves up by one, as if the forged event had always been there.
    [Fact]
    public Task An_event_that_was_inserted() => EachAsync(
        [
            Away + "update ledger.event_positions set position = 1 - position where tenant_id = $1 and position < 0; "
            + "insert into ledger.mt_events select (jsonb_populate_record(e, jsonb_build_object('seq_id', -$3, 'id', gen_random_uuid(), 'stream_id', 'record/forged-' || $3, 'version', 1))).* from ledger.mt_events e where e.tenant_id = $1 order by e.seq_id limit 1; "
            + "insert into ledger.event_positions values (-$3, -$3, $1, $2)",
        ],
        Fault.EnvelopeEdited, at => at);

    [Fact]
    public async Task Two_events_that_were_swapped()
    {
        var random = new Random(5);
        for (var number = 1; number <= Mutations; number++)
        {
            var tenant = ledger.Tenants[number % 3];
            var (one, other) = (random.NextInt64(1, tenant.Size + 1), random.NextInt64(1, tenant.Size));
            if (other >= one) other++;
            await ledger.ExecuteAsync(
                """
                update ledger.event_positions set position = -position where tenant_id = $1 and position in ($2, $3);
                """.Replace("$1", $"'{tenant.Id}'", StringComparison.Ordinal).Replace("$2", $"{one}", StringComparison.Ordinal).Replace("$3", $"{other}", StringComparison.Ordinal)
                + $"update ledger.event_positions set position = case when position = {-one} then {other} else {one} end where tenant_id = '{tenant.Id}' and position < 0");
            await FoundAsync(tenant, Fault.EnvelopeEdited, Math.Min(one, other), $"{one} and {other}");
        }
    }

    [Fact]
    public Task An_event_that_was_renumbered() => EachAsync(
        [
            "update ledger.event_positions set position = 1000000 + $3 where tenant_id = $1 and position = $2",
            // Moved to the end, what was behind it taking its place.
            Away + "update ledger.event_positions set position = case when position = -$2 then (select position from ledger.tenant_heads where tenant_id = $1) else -position - 1 end where tenant_id = $1 and position < 0",
        ],
        null, at => at);

    [Fact]
    public Task A_tail_that_was_cut_off() => EachAsync(
        [
            "delete from ledger.mt_events e using ledger.event_positions p where p.seq_id = e.seq_id and p.tenant_id = $1 and p.position >= $2 and $3::bigint is not null; "
            + "delete from ledger.event_positions where tenant_id = $1 and position >= $2; update ledger.tenant_heads set position = $2 - 1 where tenant_id = $1",
        ],
        Fault.Missing, at => at);

    // The database as it was when it had fewer events: consistent in itself, down to its last signature.
    [Fact]
    public async Task An_older_backup_that_was_restored()
    {
        var random = new Random(7);
        for (var number = 1; number <= Mutations; number++)
        {
            var tenant = ledger.Tenants[number % 3];
            var events = random.NextInt64(tenant.Sizes[0], tenant.Size);
            var size = tenant.Sizes.Last(size => size <= events);
            await ledger.ExecuteAsync($"""
                delete from ledger.mt_events e using ledger.event_positions p where p.seq_id = e.seq_id and p.tenant_id = '{tenant.Id}' and p.position > {events};
                delete from ledger.event_positions where tenant_id = '{tenant.Id}' and position > {events}; update ledger.tenant_heads set position = {events} where tenant_id = '{tenant.Id}';
                delete from ledger.log_checkpoints where tenant_id = '{tenant.Id}' and size > {size};
                delete from ledger.log_leaves where tenant_id = '{tenant.Id}' and first_position > {size}
                """);
            await FoundAsync(tenant, Fault.History, size + 1, $"{events} events, checkpoint {size}", withLog: true);
        }
    }

    [Fact]
    public async Task A_stored_checkpoint_that_was_changed()
    {
        var random = new Random(8);
        for (var number = 1; number <= Mutations; number++)
        {
            var tenant = ledger.Tenants[number % 3];
            var size = tenant.Sizes[random.Next(tenant.Sizes.Count)];
            var note = (await ledger.ColumnAsync<string>("select note from ledger.log_checkpoints where tenant_id = $1 and size = $2", tenant.Id, size))[0];
            // An older note that names other keys only is no note of ours and is skipped: of those, what is signed is changed.
            var at = random.Next(size == tenant.Size ? note.Length - 1 : note.IndexOf("\n\n", StringComparison.Ordinal));
            var forged = (number % 4) switch
            {
                // Any character but a line break, which would be another note altogether: that is the last case.
                0 or 1 => note[at] == '\n' ? note.Remove(at, 1) : note[..at] + (note[at] == 'A' ? 'B' : 'A') + note[(at + 1)..],
                2 => (await ledger.ColumnAsync<string>("select note from ledger.log_checkpoints where tenant_id = $1 order by size", ledger.Tenants[(number + 1) % 3].Id))[0],
                _ => note[..at],
            };
            await ledger.ExecuteAsync("update ledger.log_checkpoints set note = $3 where tenant_id = $1 and size = $2", tenant.Id, size, forged);

            var report = await new StoredLog(ledger.DataSource, tenant.Id).VerifyBundleAsync(ledger.Keys, Token);

            report.Findings.ShouldNotBeEmpty($"{size}: {forged}");
            (await ledger.VerifyAsync(tenant)).IsVerified.ShouldBeFalse($"{size}: {forged}");
            await ledger.RestoreAsync(tenant, withLog: true);
        }
    }

    // An edit of the event together with its stored leaf hash: every line agrees with itself, and only the signature is left to tell.
    [Fact]
    public async Task An_event_that_was_edited_together_with_its_leaf()
    {
        var random = new Random(9);
        for (var number = 1; number <= Mutations / 4; number++)
        {
            var tenant = ledger.Tenants[number % 3];
            var position = random.NextInt64(1, tenant.Size + 1);
            await ledger.ExecuteAsync(Event("type = type || '_forged'"), tenant.Id, position, (long)number);
            var leaf = (await new EventStore.Log.LogReader(ledger.DataSource).ShownAsync(tenant.Id, position, position, null, Token))[0].Envelope;
            await ledger.ExecuteAsync("""
                update ledger.log_leaves set hashes = overlay(hashes placing $3 from ($2 - first_position)::int * 32 + 1 for 32)
                 where tenant_id = $1 and first_position <= $2 and first_position + octet_length(hashes) / 32 > $2
                """, tenant.Id, position, Proof.Tree.Digest.OfLeaf(leaf.ToBytes()).ToArray());
            await FoundAsync(tenant, Fault.Root, null, $"{position}", withLog: true);
        }
    }

    [Fact]
    public async Task A_read_model_that_was_changed_while_the_history_was_not()
    {
        (string Table, string Column, string Change, string Key)[] models =
        [
            ("records", "text", "'forged'", "record_id"), ("records", "amount_minor", "amount_minor + 1", "record_id"), ("items", "external_id", "'forged'", "record_id"),
            ("items", "exported_since", "exported_since - interval '1 hour'", "record_id"), ("attempts", "status", "'forged'", "attempt_id"),
        ];
        var random = new Random(10);
        var found = 0;
        // Several rows at a time: a replay reads the whole history, however little was changed.
        for (var round = 0; found < Mutations; round++)
        {
            var (table, column, change, key) = models[round % models.Length];
            var rows = await ledger.ColumnAsync<string>($"select {key}::text from ledger.{table} where tenant_id = $1 and {column} is not null order by md5({key}::text || $2) limit 20", ledger.Tenants[round % 3].Id, $"{random.Next()}");
            rows.ShouldNotBeEmpty(table);
            var tenant = ledger.Tenants[round % 3];
            await ledger.ExecuteAsync($"create table kept.rows as table ledger.{table}");
            await ledger.ExecuteAsync($"update ledger.{table} set {column} = {change} where tenant_id = $1 and {key}::text = any ($2)", tenant.Id, rows.ToArray());

            var model = (await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, [table], cancellationToken: Token)).ReadModels.ShouldHaveSingleItem();

            var kept = model.Examples.Where(row => row.Kind == "unexpected").ToList();
            kept.Select(row => System.Text.Json.JsonDocument.Parse(row.Row).RootElement.GetProperty(key).ToString()).ShouldBe(rows, ignoreOrder: true, table);
            kept.ShouldAllBe(row => row.LastPosition > 0 && row.LastPosition <= tenant.Size);
            foreach (var row in kept) row.LastPosition.ShouldBe(await LastPositionAsync(tenant, table, System.Text.Json.JsonDocument.Parse(row.Row).RootElement), row.ToString());
            found += kept.Count;
            await ledger.ExecuteAsync($"delete from ledger.{table}; insert into ledger.{table} select * from kept.rows; drop table kept.rows");
        }
    }

    private async Task<long> LastPositionAsync(BusyLedger.Tenant tenant, string table, System.Text.Json.JsonElement row)
    {
        var record = row.GetProperty("record_id").GetString();
        var stream = table == "records" ? $"record/{record}" : $"item/{row.GetProperty("system_id").GetString()!.Replace("/", "%2F", StringComparison.Ordinal)}/{record}";
        return (await ledger.ColumnAsync<long>("select max(position) from ledger.event_positions p join ledger.mt_events e using (seq_id) where e.tenant_id = $1 and e.stream_id = $2", tenant.Id, stream))[0];
    }

    /// <summary>Does each of the statements in turn to a random event, and undoes it.</summary>
    private async Task EachAsync(string[] statements, Fault? fault, Func<long, long> expected)
    {
        var random = new Random(statements[0].Length);
        for (var number = 1; number <= Mutations; number++)
        {
            var tenant = ledger.Tenants[random.Next(3)];
            var at = random.NextInt64(1, tenant.Size);
            var sql = statements[number % statements.Length];
            foreach (var statement in sql.Split("; ")) await ledger.ExecuteAsync(Bound(statement, tenant.Id, at, number));
            await FoundAsync(tenant, fault, expected(at), sql);
        }
    }

    // Statements use some of the values only, which parameters do not allow.
    private static string Bound(string sql, string tenant, long at, long number) =>
        sql.Replace("$1", $"'{tenant}'", StringComparison.Ordinal).Replace("$2", $"{at}", StringComparison.Ordinal).Replace("$3", $"{number}", StringComparison.Ordinal);

    private async Task FoundAsync(BusyLedger.Tenant tenant, Fault? fault, long? position, string what, bool withLog = false)
    {
        var report = await ledger.VerifyAsync(tenant);
        report.Findings.Count.ShouldBe(1, what);
        report.Findings[0].Position.ShouldBe(position, $"{what}: {report.Findings[0]}");
        if (fault is not null) report.Findings[0].Fault.ShouldBe(fault.Value, $"{what}: {report.Findings[0]}");
        await ledger.RestoreAsync(tenant, withLog);
    }
}
