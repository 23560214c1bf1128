using Ledger.Cli.Tests.Database;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.Proof.Notes;

namespace Ledger.Cli.Tests.Log;

public sealed class RotatingKeysTests
{
    [Fact]
    public async Task A_new_key_is_made_and_the_old_one_stays_beside_it()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        var environment = new Dictionary<string, string> { ["ConnectionStrings__Ledger"] = database.ConnectionString };
        await using var source = LedgerDataSource.Create(database.ConnectionString);
        await new LogKeys(source, LogSettings.Default).PrepareAsync(TestContext.Current.CancellationToken);

        var rotated = await ToolRun.OfAsync(["log", "rotate-key", "--overlap-days", "3", "--json"], environment);
        rotated.ExitCode.ShouldBe(ExitCode.Done, rotated.Error);
        var listed = (await ToolRun.OfAsync(["log", "keys", "--json"], environment)).Json().GetProperty("keys").EnumerateArray().ToList();

        listed.Select(key => key.GetProperty("signing").GetBoolean()).ShouldBe([true, true]);
        listed.Select(key => key.GetProperty("retires_at").GetString() is null).ShouldBe([false, true]);
        listed[1].GetProperty("verifier_key").GetString().ShouldBe(rotated.Json().GetProperty("verifier_key").GetString());
        using var key = NoteKey.Parse(listed[1].GetProperty("verifier_key").GetString()!);
        key.Name.ShouldBe("export-ledger");
        (await ToolRun.OfAsync(["log", "rotate-key", "--overlap-days", "0"], environment)).Out.ShouldContain("the old key signs too for 0 days");
        var lines = (await ToolRun.OfAsync(["log", "keys"], environment)).Out;
        lines.ShouldContain("signing until");
        lines.ShouldContain("retired at");
    }

    [Fact]
    public async Task Without_a_key_in_the_database_it_says_where_the_key_is_replaced()
    {
        await using var database = await LedgerDatabase.CreateAsync();

        (await ToolRun.OfAsync(["log", "rotate-key", "--connection", database.ConnectionString])).ShouldFailWith(ExitCode.Refused, "There is no key in the database to replace.");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3651")]
    public async Task An_overlap_has_bounds(string days) =>
        (await ToolRun.OfAsync(["log", "rotate-key", "--overlap-days", days, "--connection", "Host=127.0.0.1;Port=9"])).ShouldFailWith(ExitCode.Usage, "--overlap-days may be 0 to 3650.");
}
