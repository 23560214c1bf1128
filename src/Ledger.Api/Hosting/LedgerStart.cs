using Ledger.Api.Demo;
using Ledger.Clients;
using Ledger.EventStore.Log;
using Ledger.EventStore.Migrations;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>What must be done, and hold, before the service listens or anything runs in the background.</summary>
internal static partial class LedgerStart
{
    /// <exception cref="SettingException">A setting is wrong.</exception>
    /// <exception cref="SchemaMismatchException">The database belongs to another version.</exception>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken = default)
    {
        var options = services.GetRequiredService<LedgerOptions>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LedgerStart));
        foreach (var migration in await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken)) LogApplied(logger, migration.Module, migration.Number, migration.Name);
        var requests = services.GetRequiredService<RequestData>();
        await requests.PrepareAsync(cancellationToken);
        if (requests.Reason is { } reason) LogUnsecured(logger, reason);
        await services.GetRequiredService<LogKeys>().PrepareAsync(cancellationToken);
        if (!options.Demo) return;
        await DemoClients.EnsureDemoAsync(services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
        if (options.DemoRecords) await services.GetRequiredService<DemoSeeder>().SeedIfEmptyAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Row-level security is not in force: {Reason}")]
    private static partial void LogUnsecured(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Module}/{Number:0000}-{Name}")]
    private static partial void LogApplied(ILogger logger, string module, int number, string name);
}
