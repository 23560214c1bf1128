using Ledger.Api.Hosting.Draining;
using Ledger.EventStore.Migrations;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>Liveness never touches the database; readiness says why not, one line per check.</summary>
public static class HealthEndpoints
{
    /// <summary>An event committed longer ago than this and not sealed yet makes the service not ready.</summary>
    public static readonly TimeSpan MaxSealLag = TimeSpan.FromSeconds(30);

    private sealed record Check(string Name, bool Ok, string? Detail);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new { status = "live" })).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/health/ready", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource dataSource, Migrator migrator, Drain drain, RequestData requests, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(2));
        List<Check> checks = [new("stopping", !drain.HasBegun, drain.HasBegun ? "The service was told to stop." : null)];
        try
        {
            checks.AddRange(await DatabaseAsync(dataSource, migrator, patience.Token));
            checks.Add(new("row_security", true, requests.Reason));
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or SchemaMismatchException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            checks.Add(new("database", false, error is SchemaMismatchException ? error.Message : "PostgreSQL does not answer."));
        }
        var ready = checks.TrueForAll(check => check.Ok);
        return Results.Json(new { status = ready ? "ready" : "not_ready", checks = checks.Select(check => new { name = check.Name, ok = check.Ok, detail = check.Detail }) },
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<List<Check>> DatabaseAsync(NpgsqlDataSource dataSource, Migrator migrator, CancellationToken cancellationToken)
    {
        var current = await migrator.IsCurrentAsync(cancellationToken);
        List<Check> checks = [new("database", true, null), new("migrations", current, current ? null : "The schema is not at this version yet.")];
        await using var settings = dataSource.CreateCommand("select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') order by name");
        await using (var reader = await settings.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                // "local" and up flush the commit before it is acknowledged; only "off" does not.
                var (name, value) = (reader.GetString(0), reader.GetString(1));
                checks.Add(new(name, value != "off", value == "off" ? $"{name} is off: an acknowledged report could be lost." : null));
            }
        }
        if (!current) return checks;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var seconds = (await SealingLag.ReadAsync(connection, cancellationToken)).TotalSeconds;
        checks.Add(new("sealing", seconds <= MaxSealLag.TotalSeconds, seconds > MaxSealLag.TotalSeconds ? $"The oldest unsealed event is {seconds:0} s old." : null));
        checks.Add(await LogAsync(dataSource, cancellationToken));
        return checks;
    }

    // Proofs come late then, and nothing else is wrong: the service stays ready and says so.
    private static async Task<Check> LogAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var lag = dataSource.CreateCommand("""
            select count(*) filter (where e."timestamp" is null), extract(epoch from clock_timestamp() - min(e."timestamp"))::float8
              from ledger.tenant_heads h left join ledger.log_heads l using (tenant_id)
              left join lateral (select seq_id from ledger.event_positions where tenant_id = h.tenant_id and position = coalesce(l.size, 0) + 1 offset 0) p on true
              left join lateral (select "timestamp" from ledger.mt_events where seq_id = p.seq_id offset 0) e on true
             where h.position > coalesce(l.size, 0)
            """);
        await using var reader = await lag.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (broken, seconds) = (reader.GetInt64(0), reader.IsDBNull(1) ? 0 : reader.GetDouble(1));
        return new("log", true, broken > 0 ? $"The logs of {broken} tenants cannot go on: an event is gone." : seconds > MaxSealLag.TotalSeconds ? $"The oldest event that is not in its log is {seconds:0} s old." : null);
    }
}
