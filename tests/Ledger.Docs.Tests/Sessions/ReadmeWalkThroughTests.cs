using System.Text.Json;
using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>The README's walk through all four APIs shows what it says it shows.</summary>
public sealed class ReadmeWalkThroughTests(ReadmeWalkThroughTests.Walk walk) : IClassFixture<ReadmeWalkThroughTests.Walk>
{
    // Asked after every block, in the shell of the session: the queues of all APIs that have one.
    private const string AskEveryQueue =
        """[ -z "${AUTH:-}" ] || for queue in "/v10/accounting-entries/export?system_id=erp" "/v3/accounting/records?review_status=READY_FOR_EXPORT" "/ledger/v1/systems/erp/not-exported"; do curl -s -H "$AUTH" "$API$queue"; done""";

    private static readonly Session ReadMe = new(Page.Read("README.md"));

    [Fact]
    public void What_one_api_reports_is_gone_from_the_queue_of_every_other()
    {
        var run = walk.Run;

        run.Faults().ShouldBeEmpty();
        foreach (var (call, left) in new[]
        {
            ("/ledger/v1/records -d", "101 102 103 104"),
            ("\"event\":\"completed\"", "102 103 104"),
            ("/export-results", "103 104"),
            ("\"external_reference\":\"JE-10454\"", "104"),
            ("/mark-as-exported", ""),
        })
        {
            var block = ReadMe.Blocks.Single(block => block.Lines.Any(line => line.Contains(call, StringComparison.Ordinal)));
            var queues = run.Calls.Where(poll => poll.Line == block.Last + 1).ToList();
            queues.Count.ShouldBe(3);
            foreach (var queue in queues) Ids(queue).ShouldBe(left, $"after {call}: {queue.Address}");
        }
    }

    [Fact]
    public void Its_own_polls_timeline_and_re_export_show_what_the_text_says()
    {
        var run = walk.Run;

        var polls = run.Calls.Where(call => ReadMe.Calls.Contains(call.Line) && call.Address.EndsWith("/v10/accounting-entries/export?system_id=erp", StringComparison.Ordinal)).Select(Ids);
        polls.ShouldBe(["101 102 103 104", "104", ""]);

        var timeline = run.Calls.Single(call => call.Address.EndsWith("/records/101/timeline", StringComparison.Ordinal)).Json;
        timeline.GetProperty("events").EnumerateArray().Select(@event => @event.GetProperty("type").GetString()).ShouldBe(["record_registered", "export_requested", "item_exported"]);

        Ids(run.Calls.Last(call => call.Address.Contains("not_exported_since=", StringComparison.Ordinal))).ShouldBe("101 102 103 104");
    }

    private static string Ids(Call poll)
    {
        var records = poll.Json.EnumerateObject().First(member => member.Value.ValueKind is JsonValueKind.Array).Value;
        return string.Join(' ', records.EnumerateArray().Select(record => ((record.TryGetProperty("record", out var inner) ? inner : record).GetProperty("id")).ToString()).Order(StringComparer.Ordinal));
    }

    /// <summary>Walked once for all tests.</summary>
    public sealed class Walk : IAsyncLifetime
    {
        private SessionRun? run;

        internal SessionRun Run
        {
            get
            {
                Assert.SkipUnless(SessionRun.IsPossible, SessionRun.Needed);
                return run!;
            }
        }

        public async ValueTask InitializeAsync()
        {
            if (!SessionRun.IsPossible) return;
            await using var service = await Service.StartAsync(ReadMe.Settings, TestContext.Current.CancellationToken);
            run = await SessionRun.Of(ReadMe, service.Address, AskEveryQueue, TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
