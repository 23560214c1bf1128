using System.Net;
using Ledger.EventStore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>The numbers of docs/limits.md towards PostgreSQL, and readiness that says why not.</summary>
public sealed class GuardRailTests(LedgerHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("statement_timeout", "30s")]
    [InlineData("lock_timeout", "10s")]
    [InlineData("idle_in_transaction_session_timeout", "10s")]
    [InlineData("default_transaction_isolation", "read committed")]
    public async Task Every_connection_has_its_guard_rails(string name, string value)
    {
        var services = await host.ServicesAsync();
        foreach (var dataSource in new[] { services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<EventStore.EventStore>().Requests })
        {
            await using var show = dataSource.CreateCommand($"show {name}");
            (await show.ExecuteScalarAsync(Token)).ShouldBe(value);
        }
    }

    [Fact]
    public async Task The_two_pools_have_the_connections_of_one()
    {
        await using var small = LedgerHost.WithConnection(";Maximum Pool Size=30");
        var services = await small.ServicesAsync();
        foreach (var dataSource in new[] { services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<EventStore.EventStore>().Requests })
            new NpgsqlConnectionStringBuilder(dataSource.ConnectionString).MaxPoolSize.ShouldBe(15);
    }

    [Fact]
    public async Task Is_not_ready_where_an_acknowledged_report_could_be_lost()
    {
        await using var careless = LedgerHost.WithConnection(";Options=-c synchronous_commit=off");

        var answer = await (await careless.AnonymousAsync()).AskAsync("/health/ready");

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Text.ShouldContain("synchronous_commit is off");
    }

    [Fact]
    public async Task Is_not_ready_without_its_database_and_stays_live()
    {
        await using var orphan = new LedgerHost();
        var client = await orphan.AnonymousAsync();
        var name = new NpgsqlConnectionStringBuilder((await orphan.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().ConnectionString).Database;
        await using (var server = LedgerDataSource.Create(new NpgsqlConnectionStringBuilder((await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().ConnectionString) { Database = "postgres" }.ConnectionString))
        await using (var drop = server.CreateCommand($"drop database {name} with (force)")) await drop.ExecuteNonQueryAsync(Token);

        var answer = await client.AskAsync("/health/ready");

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Text.ShouldContain("PostgreSQL does not answer.");
        (await client.AskAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Is_not_ready_while_what_is_recorded_gets_no_position()
    {
        var now = await (await host.ServicesAsync()).GetRequiredService<EventStore.EventStore>().NowAsync(Token);
        await using var old = LedgerHost.WithClock(new ManualClock(now.AddHours(-1)));
        var client = await old.AnonymousAsync();
        await using (var connection = await (await old.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Token))
        await using (await connection.BeginTransactionAsync(Token))
        {
            await using var hold = new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0; lock table ledger.event_positions in exclusive mode", connection);
            await hold.ExecuteNonQueryAsync(Token);
            await (await old.NewTenantAsync()).RegisterAsync(ARecord.Named("1"));

            var answer = await client.AskAsync("/health/ready");

            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Text.ShouldContain("The oldest unsealed event is 36");   // seconds: an hour and a little
        }
        for (var attempt = 0; (await client.AskAsync("/health/ready")).Status != HttpStatusCode.OK; attempt++)
        {
            attempt.ShouldBeLessThan(600, "what is sealed again should be ready again");
            await Task.Delay(100, Token);
        }
    }

    [Fact]
    public async Task Nobody_waits_for_a_connection_without_an_end()
    {
        await using var small = LedgerHost.WithConnection(";Maximum Pool Size=40;Timeout=5");
        var tenant = await small.NewTenantAsync();
        (await tenant.Http.AskAsync("/ledger/v1/records")).Ok();
        var requests = (await small.ServicesAsync()).GetRequiredService<EventStore.EventStore>().Requests;
        var all = new List<NpgsqlConnection>();
        for (var taken = 0; taken < 20; taken++) all.Add(await requests.OpenConnectionAsync(Token));

        var answer = await tenant.Http.AskAsync("/ledger/v1/records");
        foreach (var connection in all) await connection.DisposeAsync();

        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Text);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await tenant.Http.AskAsync("/ledger/v1/records")).Ok();
    }
}
