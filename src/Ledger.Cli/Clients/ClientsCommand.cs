using System.CommandLine;
using Ledger.Cli.Database;
using Ledger.Cli.Terminal;
using Ledger.Clients;

namespace Ledger.Cli.Clients;

/// <summary><c>ledger clients create|list|rotate|revoke</c>: who may call, and for which tenant.</summary>
internal static class ClientsCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("clients", "Manage who may call the service. Works on the database, for the operator.");
        command.Subcommands.Add(CreateClient.Command(host));
        command.Subcommands.Add(List(host));
        command.Subcommands.Add(Rotate(host));
        command.Subcommands.Add(Revoke(host));
        return command;
    }

    private static Command List(ToolHost host)
    {
        var command = new Command("list", "List the clients, revoked ones too.");
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's" };
        command.Options.Add(tenant);
        return Complete(command, host, async (parsed, json, registry, cancellationToken) =>
        {
            var clients = await registry.ListAsync(parsed.GetValue(tenant), cancellationToken);
            if (json) host.Out.WriteLine(ClientOutput.Json(clients));
            else foreach (var client in clients) host.Out.WriteLine(ClientOutput.Line(client));
            return ExitCode.Done;
        });
    }

    private static Command Rotate(ToolHost host)
    {
        var command = new Command("rotate", "Give a client a new secret and API key; the old ones and its tokens end at once.");
        var id = IdOf(command);
        return Complete(command, host, async (parsed, json, registry, cancellationToken) =>
        {
            var issued = await registry.RotateAsync(parsed.GetRequiredValue(id), cancellationToken) ?? throw Unknown(parsed.GetRequiredValue(id), "or it is revoked");
            host.Out.WriteLine(json ? ClientOutput.Json(issued) : ClientOutput.Text(issued));
            return ExitCode.Done;
        });
    }

    private static Command Revoke(ToolHost host)
    {
        var command = new Command("revoke", "End every credential of a client, for good.");
        var id = IdOf(command);
        return Complete(command, host, async (parsed, json, registry, cancellationToken) =>
        {
            if (!await registry.RevokeAsync(parsed.GetRequiredValue(id), cancellationToken)) throw Unknown(parsed.GetRequiredValue(id), "");
            host.Out.WriteLine(json ? ClientOutput.Revoked(parsed.GetRequiredValue(id)) : $"Revoked {parsed.GetRequiredValue(id)}. Running nodes notice within seconds.");
            return ExitCode.Done;
        });
    }

    internal static Command Complete(
        Command command, ToolHost host, Func<ParseResult, bool, ClientRegistry, CancellationToken, Task<int>> run)
    {
        var database = new DatabaseOption();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        database.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, () =>
            database.UseAsync(parsed, host, source => run(parsed, parsed.GetValue(json), new ClientRegistry(source), cancellationToken))));
        return command;
    }

    private static Argument<string> IdOf(Command command)
    {
        var id = new Argument<string>("CLIENT_ID");
        command.Arguments.Add(id);
        return id;
    }

    private static CommandFailure Unknown(string id, string orElse) =>
        new(ExitCode.Refused, $"There is no client '{Printable.Line(id)}' {orElse}".TrimEnd() + ".");
}
