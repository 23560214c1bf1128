using System.CommandLine;
using System.Net.Sockets;
using Ledger.Cli.Terminal;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Cli.Database;

/// <summary>The option of commands that work on the ledger's database itself: whoever holds the connection string is the operator.</summary>
internal sealed class DatabaseOption
{
    private readonly Option<string?> connection = new("--connection")
    {
        Description = "Npgsql connection string of the ledger's database [env ConnectionStrings__Ledger, which keeps it out of the process list]",
    };

    public void AddTo(Command command) => command.Options.Add(connection);

    /// <summary>Runs work on the database; what can go wrong with it becomes one line. The connection string is never shown: it may hold a password.</summary>
    public async Task<int> UseAsync(ParseResult parsed, ToolHost host, Func<NpgsqlDataSource, Task<int>> work)
    {
        var text = parsed.GetValue(connection) ?? host.Environment("ConnectionStrings__Ledger");
        if (string.IsNullOrWhiteSpace(text)) throw CommandFailure.Usage("Which database? Give --connection or ConnectionStrings__Ledger.");
        try
        {
            await using var database = LedgerDataSource.Create(text, "ledger-cli");
            return await work(database);
        }
        catch (ArgumentException)
        {
            throw CommandFailure.Usage("The connection string is malformed.");
        }
        catch (PostgresException denied) when (denied.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new CommandFailure(ExitCode.NotAllowed, $"The database refuses: {denied.MessageText}.", denied);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn)
        {
            throw new CommandFailure(ExitCode.Refused, "The database holds no ledger of this version. Start the service once: it brings the schema up.", missing);
        }
        catch (PostgresException problem)
        {
            throw new CommandFailure(ExitCode.Refused, $"The database refuses: {problem.MessageText} ({problem.SqlState}).", problem);
        }
        catch (NpgsqlException lost)
        {
            var why = lost.GetBaseException() is SocketException socket ? socket.Message : lost.Message;
            throw new CommandFailure(ExitCode.Unreachable, $"Cannot reach the database: {why}", lost);
        }
    }
}
