using Ledger.Api.Hosting;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>What a statement without its tenant finds as the role of requests, in every table there is: a new one without a policy fails here.</summary>
public sealed class RowSecurityTests(LedgerHost host) : IAsyncLifetime
{
    private const string Ours = "11111111-1111-1111-1111-111111111111";
    private const string Theirs = "22222222-2222-2222-2222-222222222222";

    private TestDatabase _database = null!;
    private NpgsqlDataSource _owner = null!;
    private NpgsqlDataSource _requests = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync();
        _owner = LedgerDataSource.Create(_database.ConnectionString);
        await new Migrator(_owner, LedgerServices.Migrations).MigrateAsync(Token);
        (await RowSecurity.PrepareAsync(_owner, Token)).ShouldBeNull();
        (await RowSecurity.PrepareAsync(_owner, Token)).ShouldBeNull("every start does it again");
        _requests = LedgerDataSource.CreateForRequests(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _requests.DisposeAsync();
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Without_its_tenant_a_statement_finds_nothing_and_writes_nothing()
    {
        // One row of each of two tenants in every table, whatever its columns mean.
        await OwnAsync($$"""
            do $do$
            declare
                one record;
                tenant text;
            begin
                for one in select conrelid::regclass::text as "table", conname from pg_constraint where connamespace = 'ledger'::regnamespace and contype in ('c', 'f') loop
                    execute format('alter table %s drop constraint %I', one."table", one.conname);
                end loop;
                set local session_replication_role = replica;
                for one in select attrelid::regclass::text as "table", string_agg(quote_ident(attname), ', ') as columns,
                                  string_agg(case when attname = 'tenant_id' then '$1' when atttypid = 'varchar'::regtype then '''x'' || $1' when atttypid = 'bool'::regtype then 'true' when atttypid = 'timestamptz'::regtype then 'now()'
                                                  when atttypid = 'jsonb'::regtype then '''{}''' when atttypid = 'uuid'::regtype then '$1::uuid' when atttypid = 'bytea'::regtype then '''\x00''' when attndims > 0 then '''{}'''
                                                  else 'left($1, 1)::smallint' end, ', ') as "values"
                             from pg_attribute a join pg_class c on c.oid = attrelid
                            where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and attnum > 0 and not attisdropped and (attnotnull or attname = 'tenant_id')
                            group by attrelid having bool_or(attname = 'tenant_id') loop
                    foreach tenant in array array['{{Ours}}', '{{Theirs}}'] loop
                        execute format('insert into %s (%s) select %s', one."table", one.columns, one."values") using tenant;
                    end loop;
                end loop;
            end $do$
            """);
        var tables = await ListAsync("select attrelid::regclass::text from pg_attribute a join pg_class c on c.oid = attrelid where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and attname = 'tenant_id' order by 1");
        tables.Count.ShouldBeGreaterThan(25);
        foreach (var table in tables)
        {
            (await CountAsync(null, $"select count(*) from {table}")).ShouldBe(0, table);
            (await CountAsync(Ours, $"select count(*) from {table}")).ShouldBe(1, table);
            (await CountAsync(Ours, $"select count(*) from {table} where tenant_id = '{Theirs}'")).ShouldBe(0, table);
            var moving = await Should.ThrowAsync<PostgresException>(() => CountAsync(Ours, $"with moved as (update {table} set tenant_id = '{Theirs}' returning 1) select count(*) from moved"), table);
            moving.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
            if (!await MayAsync(table, "insert")) continue;
            var columns = string.Join(", ", await ListAsync($"select quote_ident(attname) from pg_attribute where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attname <> 'tenant_id'"));
            var giving = await Should.ThrowAsync<PostgresException>(() => CountAsync(Ours, $"with given as (insert into {table} (tenant_id, {columns}) select '{Theirs}', {columns} from {table} returning 1) select count(*) from given"), table);
            giving.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
            if (!await MayAsync(table, "delete")) continue;
            (await CountAsync(null, $"with gone as (delete from {table} returning 1) select count(*) from gone")).ShouldBe(0, table);
        }
    }

    /// <summary>Whatever is not here belongs to a tenant, and is in the test above.</summary>
    [Fact]
    public async Task Few_tables_have_no_tenant() =>
        (await ListAsync("""
            select c.relname from pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p')
               and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') order by 1
            """)).ShouldBe(["access_tokens", "api_keys", "log_builder", "log_keys", "mt_event_progression", "schema_migrations", "sealer", "service_secrets", "webhook_runner"]);

    [Fact]
    public async Task What_was_recorded_cannot_be_changed_by_a_request_and_credentials_cannot_be_read()
    {
        foreach (var table in new[] { "mt_events", "event_positions", "log_leaves", "log_checkpoints" })
        {
            (await MayAsync($"ledger.{table}", "update")).ShouldBeFalse(table);
            (await MayAsync($"ledger.{table}", "delete")).ShouldBeFalse(table);
        }
        foreach (var table in new[] { "api_keys", "access_tokens", "log_keys" }) (await MayAsync($"ledger.{table}", "select")).ShouldBeFalse(table);
    }

    [Fact]
    public async Task Says_why_where_the_role_cannot_be_taken()
    {
        var name = $"plain_{Guid.NewGuid():N}";
        await OwnAsync($"create role {name} nologin; grant usage on schema ledger to {name}");
        try
        {
            await using var plain = LedgerDataSource.Create($"{_database.ConnectionString};Options=-c role={name}");
            (await RowSecurity.PrepareAsync(plain, Token)).ShouldNotBeNull().ShouldContain(RowSecurity.Role);
        }
        finally
        {
            await OwnAsync($"drop owned by {name}; drop role {name}");
        }
    }

    [Fact]
    public async Task The_service_serves_requests_as_that_role()
    {
        var services = await host.ServicesAsync();
        services.GetRequiredService<RequestData>().Reason.ShouldBeNull();
        await using var who = services.GetRequiredService<EventStore.EventStore>().Requests.CreateCommand("select current_user::text");
        (await who.ExecuteScalarAsync(Token)).ShouldBe(RowSecurity.Role);
        var (one, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await one.RegisterAsync(ARecord.Named("a"));
        await using var theirs = services.GetRequiredService<EventStore.EventStore>().Requests.CreateCommand(other.Id, "select count(*) from ledger.records");
        (await theirs.ExecuteScalarAsync(Token)).ShouldBe(0L);
    }

    private async Task OwnAsync(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<long> CountAsync(string? tenant, string sql)
    {
        if (tenant is null)
        {
            await using var command = _requests.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync(Token))!;
        }
        await using var own = _requests.CreateCommand(tenant, sql);
        return (long)(await own.ExecuteScalarAsync(Token))!;
    }

    private async Task<bool> MayAsync(string table, string privilege) => (await ListAsync($"select has_table_privilege('{RowSecurity.Role}', '{table}', '{privilege}')::text")).Single() == "true";

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token)) rows.Add(reader.GetString(0));
        return rows;
    }
}
