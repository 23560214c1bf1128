using System.Net.Sockets;
using Ledger.Api.Errors;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Errors;

public sealed class TellingOutagesTests(LedgerHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("57P01", true)] // shut down by its administrator
    [InlineData("57P03", true)] // starting up
    [InlineData("53300", true)] // too many connections
    [InlineData("57014", true)] // statement timeout
    [InlineData("25006", true)] // failed over to a standby
    [InlineData("23505", false)] // unique violation: ours
    [InlineData("42P01", false)] // no such table: ours
    public void Knows_an_outage_by_its_sql_state(string sqlState, bool outage) =>
        DatabaseOutage.Explains(new PostgresException("text", "ERROR", "ERROR", sqlState)).ShouldBe(outage);

    [Fact]
    public void Knows_a_broken_connection_also_when_it_is_wrapped()
    {
        var refused = new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));
        DatabaseOutage.Explains(refused).ShouldBeTrue();
        DatabaseOutage.Explains(new InvalidOperationException("while appending", refused)).ShouldBeTrue();
        DatabaseOutage.Explains(new InvalidOperationException("ours")).ShouldBeFalse();
    }

    [Fact]
    public async Task Knows_a_connection_that_broke_before_its_second_statement()
    {
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        await using var connection = await dataSource.OpenConnectionAsync(Token);
        await using (var end = dataSource.CreateCommand($"select pg_terminate_backend({connection.ProcessID}, 10000)")) await end.ExecuteNonQueryAsync(Token);
        await using var question = new NpgsqlCommand("select 1", connection);

        DatabaseOutage.Explains(await Should.ThrowAsync<Exception>(() => question.ExecuteScalarAsync(Token))).ShouldBeTrue();
        var second = await Should.ThrowAsync<InvalidOperationException>(() => question.ExecuteScalarAsync(Token));
        DatabaseOutage.Explains(second).ShouldBeTrue(second.ToString());
    }

    [Fact]
    public async Task Knows_a_driver_that_reads_the_answer_to_another_statement()
    {
        await using var dataSource = new NpgsqlDataSourceBuilder((await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().ConnectionString + ";Pooling=false").Build();
        await using var connection = await dataSource.OpenConnectionAsync(Token);
        async Task AskAsync(string text)
        {
            await using var question = new NpgsqlBatch(connection)
            {
                BatchCommands = { new("select 1"), new("select $1::varchar, 'lost'") { Parameters = { new NpgsqlParameter<string> { TypedValue = text } } } },
            };
            await using var reader = await question.ExecuteReaderAsync(Token);
            while (await reader.NextResultAsync(Token)) { }
        }
        await AskAsync("a");
        DatabaseOutage.Explains(await Should.ThrowAsync<PostgresException>(() => AskAsync("\0"))).ShouldBeFalse();

        var confused = await Should.ThrowAsync<Exception>(() => AskAsync("a"));

        DatabaseOutage.Explains(confused).ShouldBeTrue(confused.ToString());
    }

    [Fact]
    public void Knows_its_own_faults()
    {
        DatabaseOutage.Explains(new InvalidOperationException("ours") { Source = "Ledger.Api" }).ShouldBeFalse();
        DatabaseOutage.Explains(new ArgumentException("a parameter of ours") { Source = "Npgsql" }).ShouldBeFalse();
    }
}
