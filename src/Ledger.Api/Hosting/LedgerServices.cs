using Ledger.Api.Commands;
using Ledger.Api.Demo;
using Ledger.Api.Idempotency;
using Ledger.Api.Input;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Ledger.Projections;
using Ledger.Projections.Integrations;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Records;
using Ledger.Projections.Systems;
using Ledger.Projections.Writing;

namespace Ledger.Api.Hosting;

/// <summary>Everything behind the endpoints.</summary>
public static class LedgerServices
{
    /// <summary>All scripts, in the order in which modules build on each other.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = [.. Migration.EventStore, .. ReadModels.Migrations, .. ClientsSchema.Migrations];

    public static WebApplicationBuilder AddLedger(this WebApplicationBuilder builder)
    {
        // Accounting entries take 16 KiB of query, and accounting records 500 ids of 128 characters: a longer query must still reach the
        // route, to be refused in its contract's own words.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = 128 * 1024);
        var services = builder.Services;
        services.AddSingleton(provider => LedgerOptions.From(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => LedgerDataSource.Create(RequestData.ConnectionString(provider.GetRequiredService<IConfiguration>())));
        services.AddSingleton<RequestData>();
        services.AddSingleton(provider => new Migrator(provider.GetRequiredService<Npgsql.NpgsqlDataSource>(), Migrations));
        services.AddSingleton(provider => new EventStore.EventStore(provider.GetRequiredService<Npgsql.NpgsqlDataSource>(), provider.GetService<RecordedClock>()?.Time, provider.GetRequiredService<RequestData>().DataSource));
        services.AddSingleton(provider => new SealingLoop(provider.GetRequiredService<EventStore.EventStore>(), provider.GetRequiredService<SealingLog>().Failed));
        services.AddSingleton<SealingLog>();
        services.AddSingleton(provider => provider.GetRequiredService<LedgerOptions>().Log.ToSettings());
        services.AddSingleton<LogKeys>().AddSingleton<CheckpointSigner>().AddForRequests<LogReader>().AddSingleton<LogBuildingLog>();
        services.AddSingleton(provider => new LogLoop(provider.GetRequiredService<Npgsql.NpgsqlDataSource>(), provider.GetRequiredService<CheckpointSigner>(), TimeProvider.System,
            provider.GetRequiredService<LogBuildingLog>().Failed, provider.GetRequiredService<LogBuildingLog>().Broken));

        services.AddForRequests<RecordStates>().AddForRequests<ItemStates>().AddForRequests<AttemptPages>().AddForRequests<ExportQueue>().AddSingleton<QueueGaps>().AddForRequests<JobStates>().AddForRequests<JobItemStates>().AddForRequests<JobQueries>()
            .AddSingleton(provider => new SystemRegistry(provider.GetRequiredService<Npgsql.NpgsqlDataSource>(), requests: provider.GetRequiredService<RequestData>().DataSource)).AddForRequests<SystemCounts>().AddForRequests<IntegrationQueries>().AddForRequests<ReviewPages>();
        services.AddSingleton(provider => new GroupCommit(provider.GetRequiredService<EventStore.EventStore>(), provider.GetRequiredService<LedgerOptions>().MaxWaitingWrites));
        services.AddSingleton<LostRace>().AddSingleton<CommandRunner>().AddSingleton(_ => new LargeWrites()).AddSingleton<RegisterRecords>().AddSingleton<ChangeRecord>().AddSingleton<ReportResults>().AddSingleton<MoveJob>().AddSingleton<OpenJob>()
            .AddSingleton<JobExpiry>().AddSingleton<UpdateJobItems>().AddSingleton<DemoPlayer>().AddSingleton<DemoSeeder>().AddSingleton<Cursors>()
            .AddSingleton<ConnectIntegration>().AddSingleton<MoveIntegration>()
            .AddSingleton<OpenExport>().AddSingleton<FinishExport>().AddSingleton<CompleteBatch>();

        services.AddSingleton(provider => new IdempotencyKeys(provider.GetRequiredService<Npgsql.NpgsqlDataSource>(), provider.GetRequiredService<RequestData>().DataSource));

        // LedgerStart has brought the schema up before any of these starts.
        services.AddHostedService<SealingService>().AddHostedService<LogService>().AddHostedService<QueueFiller>().AddHostedService<QueueGapService>().AddHostedService<JobSweep>().AddHostedService<AnswerExpiry>().AddHostedService<StatisticsService>().AddHostedService<StartGarbage>();
        return builder;
    }
}

/// <summary>Registered by tests only: replaces PostgreSQL's clock for recorded times.</summary>
public sealed record RecordedClock(TimeProvider Time);
