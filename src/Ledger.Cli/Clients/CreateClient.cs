using System.CommandLine;
using Ledger.Cli.Terminal;
using Ledger.Clients;
using Ledger.Domain;

namespace Ledger.Cli.Clients;

/// <summary><c>ledger clients create</c>: a client of a tenant that is there, or of a new one.</summary>
internal static class CreateClient
{
    public static Command Command(ToolHost host)
    {
        var command = new Command("create", "Create a client. Its secret and API key are shown once.");
        var tenant = new Option<string?>("--tenant") { Description = "Id of the tenant it belongs to" };
        var newTenant = new Option<string?>("--new-tenant") { Description = "Name of a tenant to create for it instead" };
        var organization = new Option<string?>("--organization-id") { Description = "The platform's own id of the new tenant" };
        var name = new Option<string>("--name") { Description = "What the client is", Required = true };
        var system = new Option<string>("--system") { Description = "The target system of calls that name none", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"May be repeated: {string.Join(", ", ScopeNames.All.Select(entry => entry.Name))}",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        foreach (var option in (Option[])[tenant, newTenant, organization, name, system, scopes]) command.Options.Add(option);
        return ClientsCommand.Complete(command, host, async (parsed, json, registry, cancellationToken) =>
        {
            var (tenantId, tenantName) = (parsed.GetValue(tenant), parsed.GetValue(newTenant));
            if ((tenantId is null) == (tenantName is null)) throw CommandFailure.Usage("Give one of --tenant and --new-tenant.");
            var systemId = parsed.GetRequiredValue(system).Trim();
            if (systemId.Length is 0 or > SystemId.MaxLength) throw CommandFailure.Usage($"A system id has 1 to {SystemId.MaxLength} characters.");
            if (!ScopeNames.TryParse(parsed.GetRequiredValue(scopes), out var granted))
                throw CommandFailure.Usage($"A scope is one of {string.Join(", ", ScopeNames.All.Select(entry => entry.Name))}.");
            if (tenantName is not null) tenantId = (await registry.CreateTenantAsync(tenantName, parsed.GetValue(organization), null, cancellationToken)).TenantId;
            var issued = await registry.CreateClientAsync(tenantId!, parsed.GetRequiredValue(name), systemId, granted, cancellationToken)
                ?? throw new CommandFailure(ExitCode.Refused, $"There is no tenant '{Printable.Line(tenantId)}'.");
            host.Out.WriteLine(json ? ClientOutput.Json(issued) : ClientOutput.Text(issued));
            return ExitCode.Done;
        });
    }
}
