using Ledger.Cli.Service;
using Ledger.Cli.Tests.Service;

namespace Ledger.Cli.Tests.Import;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Every_mishap_that_passes_is_waited_out_and_nothing_is_registered_twice()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        foreach (var mishap in (Mishap[])[Mishap.Busy, Mishap.DropBefore, Mishap.TooMany, Mishap.ForgetTokens, Mishap.DropAfter, Mishap.Busy]) peer.Mishaps.Enqueue(mishap);
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        run.Error.ShouldContain("The service answered 503 Service Unavailable. Trying again in");
        // The answer to the first delivery was lost, so the second finds the records there.
        run.Out.ShouldContain("53 sent: 0 registered, 0 revised, 53 unchanged, 0 rejected");
        peer.Records.Count.ShouldBe(53);
    }

    [Fact]
    public async Task A_service_that_stays_busy_ends_the_import()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        for (var i = 0; i < 1000; i++) peer.Mishaps.Enqueue(Mishap.Busy);
        var patience = new Patience(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100));
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url], patience: patience);
        run.ShouldFailWith(ExitCode.Unreachable, "stayed unavailable. The service answered 503");
        peer.Mishaps.Count.ShouldBeInRange(1, 999);
    }

    [Fact]
    public async Task An_address_where_nothing_listens_is_said_at_once()
    {
        // Port 9 (discard) is not served on a machine that runs tests; a bound and closed port could be taken meanwhile.
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", "http://127.0.0.1:9"]);
        run.ShouldFailWith(ExitCode.Unreachable, "ledger: Cannot reach the service at http://127.0.0.1:9/.");
        run.Error.ShouldNotContain("Trying again");
    }

    [Fact]
    public async Task Wrong_credentials_are_said_without_the_secret()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url, "--client-id", "demo", "--client-secret", "hunter2"]);
        run.ShouldFailWith(ExitCode.NotAllowed, "does not accept client 'demo' with this secret");
        run.Error.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_environment_gives_what_the_command_line_leaves_out()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var environment = new Dictionary<string, string> { ["LEDGER_URL"] = peer.Url, ["LEDGER_CLIENT_ID"] = "demo", ["LEDGER_CLIENT_SECRET"] = "demo-secret" };
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample], environment)).ExitCode.ShouldBe(ExitCode.Done);
        environment["LEDGER_CLIENT_SECRET"] = "wrong";
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample], environment)).ExitCode.ShouldBe(ExitCode.NotAllowed);
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--client-secret", "demo-secret"], environment)).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [InlineData("--url", "ftp://example.test", "not an http or https address")]
    [InlineData("--url", "nonsense", "not an http or https address")]
    [InlineData("--client-id", "acme", "needs a secret")]
    public async Task A_wrong_option_is_a_usage_error(string option, string value, string message) =>
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, option, value])).ShouldFailWith(ExitCode.Usage, message);

    [Theory]
    [InlineData("import")]
    [InlineData("import", "saft")]
    [InlineData("import", "saft", "x", "--nope")]
    [InlineData("export")]
    public async Task A_command_line_that_does_not_parse_ends_with_2(params string[] args) =>
        (await ToolRun.OfAsync(args)).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public async Task A_missing_scope_is_said()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        peer.Mishaps.Enqueue(Mishap.Forbidden);
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]))
            .ShouldFailWith(ExitCode.NotAllowed, "Client 'demo' may not do this. Scope records:write is missing.");
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        peer.Mishaps.Enqueue(Mishap.Refuse);
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]))
            .ShouldFailWith(ExitCode.Refused, "The service answered 400 Bad Request. Not today.");
        peer.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rejected_records_are_listed_and_end_with_1()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        peer.Unwanted.Add("saft:888888888:2017:123ABC:1007");
        var run = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.DoneWithFindings);
        run.Out.ShouldContain("52 registered, 0 revised, 0 unchanged, 1 rejected");
        run.Out.ShouldContain("rejected saft:888888888:2017:123ABC:1007: not wanted");
    }
}
