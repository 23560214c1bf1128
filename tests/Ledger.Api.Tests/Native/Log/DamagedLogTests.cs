using System.Net;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Native.Log;

/// <summary>Somebody with the rights of the database changed what is stored. The service never answers as if nothing were wrong, and never falls over.</summary>
public sealed class DamagedLogTests
{
    private static readonly (string Damage, string Question)[] Damages =
    [
        ("delete from ledger.mt_events where tenant_id = $1 and seq_id = (select seq_id from ledger.event_positions where tenant_id = $1 and position = 3)", "/inclusion?position=3"),
        ("delete from ledger.mt_events where tenant_id = $1 and seq_id = (select seq_id from ledger.event_positions where tenant_id = $1 and position = 5)", "/tile/entries/000.p/5"),
        ("delete from ledger.log_leaves where tenant_id = $1", "/inclusion?position=3"),
        ("delete from ledger.log_leaves where tenant_id = $1", "/tile/0/000.p/5"),
        ("update ledger.log_leaves set hashes = substr(hashes, 1, 64), salts = substr(salts, 1, 32), body_hashes = substr(body_hashes, 1, 64) where tenant_id = $1", "/consistency?from=1"),
    ];

    [Fact]
    public async Task Says_that_the_history_is_damaged_and_that_a_log_cannot_go_on()
    {
        // A host of its own: what is taken out here would be missed by tests that look at everything.
        await using var host = LedgerHost.WithSettings(new Dictionary<string, string>());
        var services = await host.ServicesAsync();
        var dataSource = services.GetRequiredService<NpgsqlDataSource>();
        foreach (var (damage, question) in Damages)
        {
            var damaged = await host.NewTenantAsync();
            await damaged.LoggedAsync(host, 5);
            await ExecuteAsync(dataSource, damage, damaged.Id);
            var answer = await damaged.Http.AskAsync($"/ledger/v1/log{question}");
            answer.Status.ShouldBe(HttpStatusCode.InternalServerError, damage);
            answer.Json.Text("code").ShouldBe("log_damaged");
        }

        await services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Api.Hosting.LogService>().Single().StopAsync(TestContext.Current.CancellationToken);
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.SealedAsync();
        (await tenant.Http.AskAsync("/ledger/v1/log/inclusion?position=1")).Json.Text("code").ShouldBe("event_not_logged");
        var id = (await tenant.Http.AskAsync("/ledger/v1/events")).Ok().At("events", 0).Text("id");
        (await tenant.Http.AskAsync($"/ledger/v1/log/inclusion?event_id={id}")).Json.Text("code").ShouldBe("event_not_logged");
        await ExecuteAsync(dataSource, "delete from ledger.mt_events where tenant_id = $1", tenant.Id);

        var ready = (await (await host.AnonymousAsync()).AskAsync("/health/ready")).Ok();
        var check = ready.GetProperty("checks").EnumerateArray().Single(check => check.Text("name") == "log");
        (check.GetProperty("ok").GetBoolean(), check.Text("detail")).ShouldBe((true, "The logs of 1 tenants cannot go on: an event is gone."));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql, string tenantId)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(tenantId);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1, sql);
    }
}
