namespace Ledger.Cli.Tests.EndToEnd;

public sealed class ImportingIntoTheServiceTests
{
    private const string Lines = "ledger.records r, jsonb_array_elements(r.details -> 'lines') line";

    [Fact]
    public async Task The_sample_is_registered_once_however_often_it_is_imported()
    {
        await using var service = await RunningService.StartAsync();
        var first = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", service.Url]);
        first.ExitCode.ShouldBe(ExitCode.Done, first.Error + first.Out);
        first.Out.ShouldContain("53 sent: 53 registered, 0 revised, 0 unchanged, 0 rejected");

        (await service.AskAsync<long>("select count(*) from ledger.records")).ShouldBe(53);
        (await service.AskAsync<long>($"select count(*) from {Lines}")).ShouldBe(170);
        (await service.AskAsync<decimal>($"select sum((line #>> '{{amount,value}}')::bigint) from {Lines} where line ->> 'side' = 'debit'")).ShouldBe(948704935);
        (await service.AskAsync<decimal>($"select sum((line #>> '{{amount,value}}')::bigint) from {Lines} where line ->> 'side' = 'credit'")).ShouldBe(948704935);
        var events = await service.AskAsync<long>("select count(*) from ledger.mt_events");

        var second = await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", service.Url]);
        second.Out.ShouldContain("53 sent: 0 registered, 0 revised, 53 unchanged, 0 rejected");
        (await service.AskAsync<long>("select count(*) from ledger.mt_events")).ShouldBe(events);

        var timeline = await ToolRun.OfAsync(["timeline", "saft:888888888:2017:123ABC:1001", "--url", service.Url]);
        timeline.ExitCode.ShouldBe(ExitCode.Done, timeline.Error);
        timeline.Out.Trim().Split('\n').Length.ShouldBe(1, timeline.Out);
        timeline.Out.ShouldContain("record_registered");
    }

    [Fact]
    public async Task A_record_the_service_refuses_is_listed_with_its_reason_and_the_others_are_registered()
    {
        await using var service = await RunningService.StartAsync();
        using var file = new TemporaryFile("""
            {"id":"good","amount":{"value":100,"currency":"EUR"}}
            {"id":"bad","amount":{"value":1.5,"currency":"EUR"}}
            """);
        var run = await ToolRun.OfAsync(["import", "ndjson", file.Name, "--url", service.Url]);
        run.ExitCode.ShouldBe(ExitCode.DoneWithFindings, run.Error + run.Out);
        run.Out.ShouldContain("1 registered, 0 revised, 0 unchanged, 1 rejected");
        run.Out.ShouldContain("rejected bad: /amount/value");
    }

    [Fact]
    public async Task Csv_rows_become_records()
    {
        await using var service = await RunningService.StartAsync();
        using var file = new TemporaryFile("id,kind,amount,currency,posted_at,text\nC-1,expense,12.50,EUR,2026-01-31,Lunch\nC-2,expense,1500,JPY,2026-01-31,Taxi\n");
        var run = await ToolRun.OfAsync(["import", "csv", file.Name, "--url", service.Url]);
        run.ExitCode.ShouldBe(ExitCode.Done, run.Error + run.Out);
        (await service.AskAsync<long>("select sum(amount_minor)::bigint from ledger.records")).ShouldBe(2750);
    }

    [Fact]
    public async Task A_client_made_by_the_tool_may_do_what_its_scopes_say()
    {
        await using var service = await RunningService.StartAsync();
        var reader = (await CreateAsync(service, "audit:read")).Json();
        (await ImportAsync(service, reader)).ShouldFailWith(ExitCode.NotAllowed, "may not do this");
        var writer = (await CreateAsync(service, "records:write")).Json();
        (await ImportAsync(service, writer)).ExitCode.ShouldBe(ExitCode.Done);
        (await ToolRun.OfAsync(["import", "saft", ToolRun.Sample, "--url", service.Url, "--client-id", "demo", "--client-secret", "wrong"]))
            .ShouldFailWith(ExitCode.NotAllowed, "does not accept client 'demo'");
    }

    private static Task<ToolRun> CreateAsync(RunningService service, string scope) =>
        ToolRun.OfAsync(["clients", "create", "--new-tenant", $"Tenant for {scope}", "--name", "Import", "--system", "erp", "--scope", scope, "--json", "--connection", service.ConnectionString]);

    private static Task<ToolRun> ImportAsync(RunningService service, System.Text.Json.JsonElement client) => ToolRun.OfAsync(
        ["import", "saft", ToolRun.Sample, "--url", service.Url, "--client-id", client.GetProperty("client_id").GetString()!, "--client-secret", client.GetProperty("client_secret").GetString()!]);
}
