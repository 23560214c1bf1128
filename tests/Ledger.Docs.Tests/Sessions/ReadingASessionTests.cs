namespace Ledger.Docs.Tests.Sessions;

/// <summary>The rules by which a page's session is read and judged, shown on pages that break them.</summary>
public sealed class ReadingASessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sh", "curl http://127.0.0.1:5080/", true)]
    [InlineData("bash", "curl http://127.0.0.1:5080/", true)]
    [InlineData("sh", "A=1\n./run", true)]
    [InlineData("sh", "./run     # serves\n./test", false)]
    [InlineData("sh", "dotnet run --project src/Ledger.Cli -- import saft FILE.xml", false)]
    [InlineData("text", "curl http://127.0.0.1:5080/", false)]
    [InlineData("json", "{}", false)]
    public void A_block_of_shell_is_part_of_it_unless_it_only_starts_programs_of_the_clone(string language, string text, bool part) =>
        Of($"```{language}\n{text}\n```").Blocks.Count.ShouldBe(part ? 1 : 0);

    [Fact]
    public void Settings_the_page_starts_the_service_with_are_its_own() =>
        Of("Start it with `Ledger__JobExpirySeconds=60 ./run` and\n`Ledger__Other=1`.").Settings.ShouldBe([new("Ledger__JobExpirySeconds", "60")]);

    [Fact]
    public void Lines_keep_their_numbers_and_only_the_address_changes() =>
        Of("Text.\n```sh\nA=http://127.0.0.1:5080/x\n```\nText.\n```sh\ncurl $A\n```").Script(new("http://127.0.0.1:99"), afterEach: "check")
            .ShouldBe("\n\nA=http://127.0.0.1:99/x\ncheck\n\n\ncurl $A\ncheck");

    [Theory]
    [InlineData("curl $A", null)]
    [InlineData("curl $A  # answers 409: taken", 409)]
    [InlineData("# answers 404, as it is gone\ncurl $A", 404)]
    [InlineData("# it answers 409 above\nB=1\ncurl $A", null)]
    public void A_comment_at_the_call_says_what_it_answers(string text, int? status)
    {
        var session = Of($"```sh\n{text}\n```");
        session.Expected(session.Calls.Single()).ShouldBe(status);
    }

    [Theory]
    [InlineData(200, "application/json", "{}", null, true)]
    [InlineData(200, "application/json", "{", null, false)]
    [InlineData(200, "application/json", "", null, false)]
    [InlineData(202, "", "", null, true)]
    [InlineData(404, "application/json", "{}", null, false)]
    [InlineData(404, "application/json", "{}", 404, true)]
    [InlineData(200, "application/json", "{}", 404, false)]
    [InlineData(200, "application/x-ndjson", "{}\n{}\n", null, true)]
    [InlineData(200, "application/x-ndjson", "{}\n{\n", null, false)]
    [InlineData(200, "text/event-stream", "id: 1\ndata: {}\n\n", null, true)]
    [InlineData(200, "text/html", "<p>", null, false)]
    public void An_answer_is_judged_by_its_status_and_its_json(int status, string mediaType, string body, int? expected, bool good) =>
        (new Call(1, [], status, mediaType, body).Fault(expected) is null).ShouldBe(good);

    [Fact]
    public async Task What_goes_wrong_is_named_by_its_line()
    {
        Assert.SkipUnless(SessionRun.IsPossible, SessionRun.Needed);
        await using var service = await Service.StartAsync(Of("").Settings, Token);

        var wrong = await SessionRun.Of(Of("```sh\ncurl -s http://127.0.0.1:5080/gone\nif false; then\n  curl -s http://127.0.0.1:5080/health/live\nfi\n```"), service.Address, cancellationToken: Token);
        var unbound = await SessionRun.Of(Of("```sh\n\necho $NOBODY_SET_THIS\n```"), service.Address, cancellationToken: Token);
        var quiet = await SessionRun.Of(Of("```sh\nX=$(curl -sf http://127.0.0.1:5080/gone | cat)\necho $X\n```"), service.Address, cancellationToken: Token);

        wrong.Faults().Select(fault => fault.Split(": ")[0]).ShouldBe(["page.md:2", "page.md:4"]);
        unbound.Faults().ShouldHaveSingleItem().ShouldContain("page.md: line 3: NOBODY_SET_THIS");
        quiet.Faults().First().ShouldStartWith("page.md:2: 404 instead of success");
        quiet.ExitCode.ShouldNotBe(0);
    }

    private static Session Of(string text) => new(new("page.md", text));
}
