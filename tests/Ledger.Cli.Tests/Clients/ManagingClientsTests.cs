using Ledger.Cli.Tests.Database;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.Testing.Postgres;

namespace Ledger.Cli.Tests.Clients;

public sealed class ManagingClientsTests
{
    [Fact]
    public async Task A_created_client_is_listed_rotated_and_revoked()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var environment = new Dictionary<string, string> { ["ConnectionStrings__Ledger"] = database.ConnectionString };

        var created = await ToolRun.OfAsync(
            ["clients", "create", "--new-tenant", "Acme", "--name", "ERP connector", "--system", "erp", "--scope", "exports:read", "--scope", "exports:write", "--json"], environment);
        created.ExitCode.ShouldBe(ExitCode.Done, created.Error);
        var (id, tenant, key) = (created.Json().GetProperty("client_id").GetString()!, created.Json().GetProperty("tenant_id").GetString()!, created.Json().GetProperty("api_key").GetString()!);
        await using var source = LedgerDataSource.Create(database.ConnectionString);
        (await new CredentialLookup(source).FindByApiKeyAsync(new CredentialHash(key), TestContext.Current.CancellationToken)).ShouldNotBeNull().ClientId.ShouldBe(id);

        var second = await ToolRun.OfAsync(["clients", "create", "--tenant", tenant, "--name", "Auditor", "--system", "erp", "--scope", "audit:read"], environment);
        second.ExitCode.ShouldBe(ExitCode.Done, second.Error);
        second.Out.ShouldContain("client secret  els_");

        var rotated = await ToolRun.OfAsync(["clients", "rotate", id, "--json"], environment);
        rotated.Json().GetProperty("api_key").GetString().ShouldNotBe(key);
        (await new CredentialLookup(source).FindByApiKeyAsync(new CredentialHash(key), TestContext.Current.CancellationToken)).ShouldBeNull();

        (await ToolRun.OfAsync(["clients", "revoke", id], environment)).ExitCode.ShouldBe(ExitCode.Done);
        var listed = (await ToolRun.OfAsync(["clients", "list", "--tenant", tenant, "--json"], environment)).Json().GetProperty("clients").EnumerateArray().ToList();
        listed.Select(client => client.GetProperty("name").GetString()).ShouldBe(["ERP connector", "Auditor"]);
        listed[0].GetProperty("revoked_at").GetString().ShouldNotBeNull();
        listed[0].GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["exports:read", "exports:write"]);
        listed[1].GetProperty("revoked_at").GetString().ShouldBeNull();
        var text = await ToolRun.OfAsync(["clients", "list"], environment);
        text.Out.ShouldContain($"{id,-24}  {tenant}  erp");
        text.Out.ShouldNotContain("els_");
    }

    [Theory]
    [InlineData(new[] { "revoke", "client_nobody" }, ExitCode.Refused, "There is no client 'client_nobody'.")]
    [InlineData(new[] { "rotate", "client_nobody" }, ExitCode.Refused, "There is no client 'client_nobody' or it is revoked.")]
    [InlineData(new[] { "create", "--tenant", "nowhere", "--name", "x", "--system", "erp", "--scope", "admin" }, ExitCode.Refused, "There is no tenant 'nowhere'.")]
    [InlineData(new[] { "create", "--name", "x", "--system", "erp", "--scope", "admin" }, ExitCode.Usage, "Give one of --tenant and --new-tenant.")]
    [InlineData(new[] { "create", "--tenant", "t", "--name", "x", "--system", " ", "--scope", "admin" }, ExitCode.Usage, "A system id has 1 to 255 characters.")]
    [InlineData(new[] { "create", "--tenant", "t", "--name", "x", "--system", "erp", "--scope", "root" }, ExitCode.Usage, "A scope is one of records:write")]
    public async Task What_cannot_be_done_is_said_in_one_line(string[] args, int exitCode, string message)
    {
        await using var database = await LedgerDatabase.CreateAsync();
        (await ToolRun.OfAsync(["clients", .. args, "--connection", database.ConnectionString])).ShouldFailWith(exitCode, message);
    }

    [Fact]
    public async Task A_database_without_a_ledger_is_told_apart_from_none()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        (await ToolRun.OfAsync(["clients", "list", "--connection", database.ConnectionString])).ShouldFailWith(ExitCode.Refused, "holds no ledger");
        var nowhere = await ToolRun.OfAsync(["clients", "list", "--connection", "Host=127.0.0.1;Port=9;Username=u;Password=hunter2;Timeout=2"]);
        nowhere.ShouldFailWith(ExitCode.Unreachable, "Cannot reach the database");
        nowhere.Error.ShouldNotContain("hunter2");
        (await ToolRun.OfAsync(["clients", "list", "--connection", "Hosst=x;Password=hunter2"])).ShouldFailWith(ExitCode.Usage, "The connection string is malformed.");
        (await ToolRun.OfAsync(["clients", "list"])).ShouldFailWith(ExitCode.Usage, "Which database?");
    }
}
