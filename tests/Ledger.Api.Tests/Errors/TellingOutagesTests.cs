using System.Net.Sockets;
using Ledger.Api.Errors;
using Npgsql;

namespace Ledger.Api.Tests.Errors;

public sealed class TellingOutagesTests
{
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
}
