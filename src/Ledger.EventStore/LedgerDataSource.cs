using Npgsql;

namespace Ledger.EventStore;

/// <summary>The one way to open the ledger's database: every setting that matters for speed or safety is set here.</summary>
public static class LedgerDataSource
{
    /// <summary>The same, for requests: every connection is the role that row-level security holds for.</summary>
    public static NpgsqlDataSource CreateForRequests(string connectionString, string applicationName = "export-ledger") => Create(connectionString, applicationName, $"role={Migrations.RowSecurity.Role}");

    /// <param name="connectionString">An Npgsql connection string; its pool size, host and credentials are kept.</param>
    public static NpgsqlDataSource Create(string connectionString, string applicationName = "export-ledger") => Create(connectionString, applicationName, null);

    private static NpgsqlDataSource Create(string connectionString, string applicationName, string? setting)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // DISCARD ALL at every return to the pool would throw the prepared plans away. Nothing session-local may
            // therefore leak: transaction-local settings and advisory *transaction* locks only on pooled connections.
            NoResetOnClose = true,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            Timezone = "UTC",
            ApplicationName = applicationName,
            IncludeErrorDetail = false,
        };
        string[] server =
        [
            // Guard rails: a forgotten transaction must not hold back sealing and vacuum; a stuck statement must end.
            "idle_in_transaction_session_timeout=10s", "lock_timeout=10s", "statement_timeout=30s",
            // Version conflicts are found by looking again after a lock was waited for, which only READ COMMITTED does.
            @"default_transaction_isolation=read\ committed",
            // Everything is looked up by key. A table that is small when a plan is made would be scanned, and the plan kept while
            // an import makes the table a thousand times larger. Where nothing but a scan will do it is still used; compiling it,
            // which its nominal cost then suggests, would take longer than running it.
            "enable_seqscan=off", "jit=off",
            // One plan for everybody: made for a tenant or a system of which the statistics know nothing yet, a plan takes any index that
            // starts with its name, and reads all of the system for every item.
            "plan_cache_mode=force_generic_plan",
        ];
        settings.Options = string.Join(' ', server.Append(setting).OfType<string>().Select(value => $"-c {value}").Append(settings.Options).Where(option => !string.IsNullOrEmpty(option)));
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
