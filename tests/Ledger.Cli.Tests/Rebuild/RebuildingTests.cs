using Ledger.Cli.Tests.Database;
using Npgsql;

namespace Ledger.Cli.Tests.Rebuild;

public sealed class RebuildingTests
{
    [Fact]
    public async Task A_read_model_that_drifted_is_told_and_replaced()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var drift = new NpgsqlCommand(
                "insert into ledger.integrations (tenant_id, integration_id, version, vendor, vendor_account_id, active, connected_at) values ('t', 'int_1', 1, 'V', 'a', true, now())", connection);
            await drift.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var check = await ToolRun.OfAsync(["rebuild", "integrations", "--check", "--connection", database.ConnectionString]);
        check.ExitCode.ShouldBe(ExitCode.DoneWithFindings, check.Error);
        check.Out.ShouldContain("DIFFERS: 0 missing or other, 1 unexpected");
        check.Out.ShouldContain("Nothing was changed.");

        var replace = await ToolRun.OfAsync(["rebuild", "--all", "--json", "--connection", database.ConnectionString]);
        replace.ExitCode.ShouldBe(ExitCode.DoneWithFindings);
        replace.Json().GetProperty("replaced").GetBoolean().ShouldBeTrue();

        var again = await ToolRun.OfAsync(["rebuild", "--all", "--check", "--connection", database.ConnectionString]);
        again.ExitCode.ShouldBe(ExitCode.Done, again.Out);
        again.Out.ShouldNotContain("DIFFERS");
    }

    [Theory]
    [InlineData(new[] { "rebuild" }, "Give the names of read models, or --all.")]
    [InlineData(new[] { "rebuild", "items", "--all" }, "Give the names of read models, or --all.")]
    [InlineData(new[] { "rebuild", "itmes" }, "There is no read model 'itmes'; there are records, items")]
    public async Task A_wrong_choice_is_a_usage_error(string[] args, string message) =>
        (await ToolRun.OfAsync([.. args, "--connection", "Host=127.0.0.1;Port=9"])).ShouldFailWith(ExitCode.Usage, message);
}
