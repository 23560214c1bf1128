using Npgsql;

namespace Ledger.EventStore.Migrations;

/// <summary>
/// The role requests run as (docs/adr/0020). The policies are part of the schema; the role belongs to the whole server and to no dump of it, so every start makes sure
/// that it exists, that the service may take it, and that it may touch what requests touch.
/// </summary>
public static class RowSecurity
{
    public const string Role = "ledger_app";

    // Of its own: leaders hold theirs (0002 to 0004) as long as they lead, and another node must be able to start meanwhile.
    private const long LockKey = 0x6C65_6467_6572_0005;

    // Names of tables are this schema's own. What the owner does for others, it does for the tenant they act for. History is added to and never changed; what has no tenant is read at most; credentials are looked up by the owner.
    private static readonly string Prepare = $"""
        do $do$
        declare
            name   text;
            wanted text;
        begin
            perform pg_advisory_xact_lock({LockKey});
            if not exists (select from pg_roles where rolname = '{Role}') then
                begin
                    create role {Role} nologin;
                exception when duplicate_object or unique_violation then null;   -- the start of another ledger on this server was faster
                end;
            end if;
            if not pg_has_role(current_user, '{Role}', 'member') then execute format('grant {Role} to %I', current_user); end if;
            if not has_schema_privilege('{Role}', 'ledger', 'usage') then grant usage on schema ledger to {Role}; end if;
            if not has_sequence_privilege('{Role}', 'ledger.mt_events_sequence', 'usage') then grant usage on all sequences in schema ledger to {Role}; end if;
            for name, wanted in
                select c.relname, case
                         when c.relname in ('api_keys', 'access_tokens', 'log_keys') then null
                         when c.relname in ('mt_events') then 'select, insert'
                         when c.relname in ('event_positions', 'tenant_heads', 'recorded_order', 'tenants', 'clients') or c.relname like 'log\_%' then 'select'
                         when exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') then 'select, insert, update, delete'
                         else 'select' end
                  from pg_class c where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p') loop
                continue when wanted is null or (select bool_and(has_table_privilege('{Role}', 'ledger.' || quote_ident(name), w)) from unnest(string_to_array(wanted, ', ')) w);
                execute format('grant %s on ledger.%I to {Role}', wanted, name);
            end loop;
            for name in select f.oid::regprocedure::text from pg_proc f where f.pronamespace = 'ledger'::regnamespace and f.prosecdef and not has_function_privilege('{Role}', f.oid, 'execute') loop
                execute format('grant execute on function %s to {Role}', name);
            end loop;
        end $do$
        """;

    /// <param name="owner">The migrated database, as its owner.</param>
    /// <returns>Null when requests can run as the role; else why not, and what to do.</returns>
    public static async Task<string?> PrepareAsync(NpgsqlDataSource owner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        try
        {
            await using var prepare = owner.CreateCommand(Prepare);
            await prepare.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            return $"PostgreSQL refuses: {error.MessageText}. An administrator can make the role once: create role {Role} nologin; grant {Role} to <the service's user>;";
        }
    }
}
