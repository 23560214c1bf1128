using System.Net;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Native.Log;

/// <summary>Somebody with the rights of the database changed what is stored. The service never answers as if nothing were wrong, and never falls over.</summary>
public sealed class DamagedLogTests(LedgerHost host)
{
    [Theory]
    [InlineData("delete from ledger.mt_events where tenant_id = $1 and seq_id = (select seq_id from ledger.event_positions where tenant_id = $1 and position = 3)", "/inclusion?position=3")]
    [InlineData("delete from ledger.event_positions where tenant_id = $1 and position = 3", "/tile/entries/000.p/5")]
    [InlineData("delete from ledger.log_leaves where tenant_id = $1", "/inclusion?position=3")]
    [InlineData("delete from ledger.log_leaves where tenant_id = $1", "/tile/0/000.p/5")]
    [InlineData("update ledger.log_leaves set hashes = substr(hashes, 1, 64), salts = substr(salts, 1, 32), body_hashes = substr(body_hashes, 1, 64) where tenant_id = $1", "/consistency?from=1")]
    public async Task Says_that_the_history_is_damaged(string damage, string question)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.LoggedAsync(host, 5);
        await DamageAsync(damage, tenant);

        var answer = await tenant.Http.AskAsync($"/ledger/v1/log{question}");

        answer.Status.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Json.Text("code").ShouldBe("log_damaged");
    }

    [Fact]
    public async Task A_tenant_whose_log_cannot_go_on_is_told_by_the_readiness_which_stays()
    {
        // A host of its own: nothing must be logged between the two.
        await using var own = LedgerHost.WithSettings(new Dictionary<string, string>());
        var services = await own.ServicesAsync();
        await services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Api.Hosting.LogService>().Single().StopAsync(TestContext.Current.CancellationToken);
        var tenant = await own.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("a"));
        await tenant.SealedAsync();

        (await tenant.Http.AskAsync("/ledger/v1/log/inclusion?position=1")).Json.Text("code").ShouldBe("event_not_logged");
        var id = (await tenant.Http.AskAsync("/ledger/v1/events")).Ok().At("events", 0).Text("id");
        (await tenant.Http.AskAsync($"/ledger/v1/log/inclusion?event_id={id}")).Json.Text("code").ShouldBe("event_not_logged");
        await using var delete = services.GetRequiredService<NpgsqlDataSource>().CreateCommand("delete from ledger.mt_events");
        await delete.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var ready = (await (await own.AnonymousAsync()).AskAsync("/health/ready")).Ok();
        var check = ready.GetProperty("checks").EnumerateArray().Single(check => check.Text("name") == "log");
        (check.GetProperty("ok").GetBoolean(), check.Text("detail")).ShouldBe((true, "The logs of 1 tenants cannot go on: an event is gone."));
    }

    private async Task DamageAsync(string sql, TestTenant tenant)
    {
        await using var command = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        command.Parameters.AddWithValue(tenant.Id);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }
}
