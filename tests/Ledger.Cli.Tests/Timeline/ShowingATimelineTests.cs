using Ledger.Cli.Tests.Service;

namespace Ledger.Cli.Tests.Timeline;

public sealed class ShowingATimelineTests
{
    [Fact]
    public async Task Follows_the_cursor_and_shows_one_line_per_event()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var run = await ToolRun.OfAsync(["timeline", "rec?1 ä#", "--system", "erp", "--as-of", "2026-05-04T10:00:00+02:00", "--url", peer.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        var lines = run.Out.Trim('\n', '\r').Split(Environment.NewLine);
        lines.Length.ShouldBe(2);
        lines[0].ShouldBe(@"       1  2026-05-04T08:00:00Z         record_registered         native · demo  note=two\u000Alines\u001B[31m");
        lines[1].ShouldStartWith("       -  2026-05-04T08:00:00Z         item_exported             erp · native · demo");
        peer.TimelineQueries.ShouldBe([
            "?limit=1000&system_id=erp&as_of=2026-05-04T10%3A00%3A00%2B02%3A00",
            "?limit=1000&system_id=erp&as_of=2026-05-04T10%3A00%3A00%2B02%3A00&cursor=c%2B1"]);
    }

    [Fact]
    public async Task Json_gives_the_events_as_the_service_tells_them()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        var run = await ToolRun.OfAsync(["timeline", "rec?1 ä#", "--json", "--url", peer.Url]);
        run.Out.Trim().Split('\n').Length.ShouldBe(2);
        run.Out.ShouldContain("\"type\":\"item_exported\"");
    }

    [Fact]
    public async Task An_unknown_record_is_said_in_one_line()
    {
        await using var peer = await NativeApiPeer.StartAsync();
        (await ToolRun.OfAsync(["timeline", "nobody", "--url", peer.Url])).ShouldFailWith(ExitCode.Refused, "The service answered 404 Not Found. No such record.");
    }
}
