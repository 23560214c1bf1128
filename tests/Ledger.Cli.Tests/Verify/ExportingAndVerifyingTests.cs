using System.Text;
using Ledger.Cli.Tests.EndToEnd;
using Ledger.Proof.Bundles;

namespace Ledger.Cli.Tests.Verify;

public sealed class ExportingAndVerifyingTests
{
    [Fact]
    public async Task What_is_exported_verifies_offline_and_no_longer_after_an_edit()
    {
        await using var service = await LoggedService.StartAsync();
        foreach (var format in new[] { "ndjson", "csv" })
        {
            using var bundle = new TemporaryDirectory();
            var export = await ToolRun.OfAsync(["export", bundle.Name, "--format", format, "--url", service.Url]);
            export.ExitCode.ShouldBe(ExitCode.Done, export.Error + export.Out);
            export.Out.ShouldContain("Wrote 30 events");

            var key = await service.AskAsync<string>("select count(*)::text from ledger.log_keys");
            key.ShouldBe("1");
            var verdict = await ToolRun.OfAsync(["verify", bundle.Name]);
            verdict.ExitCode.ShouldBe(ExitCode.Done, verdict.Error + verdict.Out);
            verdict.Out.ShouldContain("Verified: 30 events, positions 1 to 30.");
            verdict.Out.ShouldContain("The key is from the bundle itself");
            var signedBy = (await ToolRun.OfAsync(["verify", bundle.Name, "--json"])).Json().GetProperty("signed_by")[0].GetString()!;
            (await ToolRun.OfAsync(["verify", bundle.Name, "--key", signedBy])).Out.ShouldNotContain("The key is from");

            var events = bundle.File($"events.{format}");
            File.WriteAllText(events, File.ReadAllText(events).Replace("EUR", "USD", StringComparison.Ordinal));
            var edited = await ToolRun.OfAsync(["verify", bundle.Name]);
            edited.ExitCode.ShouldBe(ExitCode.DoneWithFindings);
            edited.Out.ShouldStartWith("NOT verified: position 1: the body was edited");
        }
    }

    [Fact]
    public async Task A_part_is_proven_as_a_part()
    {
        await using var service = await LoggedService.StartAsync();
        using var bundle = new TemporaryDirectory();
        var export = await ToolRun.OfAsync(["export", bundle.Name, "--system", "erp", "--from", "5", "--to", "9999-12-31", "--format", "csv", "--url", service.Url]);
        export.ExitCode.ShouldBe(ExitCode.Done, export.Error + export.Out);
        export.Out.ShouldContain("Verified: 26 events, positions 5 to 30, without the items of other systems than erp.");
        // A spreadsheet sees text, not a formula.
        File.ReadLines(bundle.File("events.csv")).Skip(1).ShouldAllBe(row => !row.Contains(",=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_export_goes_on_where_it_stopped_and_keeps_its_checkpoint()
    {
        await using var service = await LoggedService.StartAsync();
        foreach (var (format, cutInQuotes) in new[] { ("ndjson", false), ("csv", true), ("csv", false) })
        {
            using var bundle = new TemporaryDirectory();
            (await ToolRun.OfAsync(["export", bundle.Name, "--format", format, "--url", service.Url])).ExitCode.ShouldBe(ExitCode.Done);
            var whole = File.ReadAllBytes(bundle.File($"events.{format}"));
            var size = BundleManifest.Parse(File.ReadAllBytes(bundle.File("manifest.json"))).Size;
            // As an interruption leaves it: the manifest under its first name, the events cut at any byte.
            File.Move(bundle.File("manifest.json"), bundle.File("manifest.started.json"));
            File.WriteAllBytes(bundle.File($"events.{format}"), whole[..(cutInQuotes ? whole.AsSpan().LastIndexOf("=1+1"u8) : whole.Length / 3)]);
            await service.RegisterAsync($"later-{format}-{cutInQuotes}-", 3);

            var export = await ToolRun.OfAsync(["export", bundle.Name, "--format", format, "--url", service.Url]);
            export.ExitCode.ShouldBe(ExitCode.Done, export.Error + export.Out);
            export.Error.ShouldContain("Going on with the export");
            File.ReadAllBytes(bundle.File($"events.{format}")).ShouldBe(whole);
            BundleManifest.Parse(File.ReadAllBytes(bundle.File("manifest.json"))).Size.ShouldBe(size);
        }
    }

    [Fact]
    public async Task A_directory_with_something_else_in_it_is_left_alone()
    {
        await using var service = await LoggedService.StartAsync(records: 2);
        using var bundle = new TemporaryDirectory();
        (await ToolRun.OfAsync(["export", bundle.Name, "--url", service.Url])).ExitCode.ShouldBe(ExitCode.Done);
        (await ToolRun.OfAsync(["export", bundle.Name, "--url", service.Url])).ShouldFailWith(ExitCode.Usage, "already holds a bundle");
        File.Move(bundle.File("manifest.json"), bundle.File("manifest.started.json"));
        (await ToolRun.OfAsync(["export", bundle.Name, "--system", "erp", "--url", service.Url])).ShouldFailWith(ExitCode.Usage, "another export");
        (await ToolRun.OfAsync(["export", bundle.Name, "--format", "xml", "--url", service.Url])).ShouldFailWith(ExitCode.Usage, "ndjson or csv");
        (await ToolRun.OfAsync(["export", bundle.Name + "x", "--from", "77", "--url", service.Url])).ShouldFailWith(ExitCode.Refused, "?from: The checkpoint covers 2 positions.");
    }

    [Fact]
    public async Task A_running_service_is_verified_and_one_update_of_one_event_is_named()
    {
        await using var service = await LoggedService.StartAsync();
        var verdict = await VerifyAsync(service);
        verdict.ExitCode.ShouldBe(ExitCode.Done, verdict.Error + verdict.Out);
        verdict.Out.ShouldContain("Verified: 30 events, positions 1 to 30.");
        verdict.Out.ShouldContain("The key is from the server itself");

        var position = await service.AskAsync<long>("select position from ledger.event_positions join ledger.mt_events using (seq_id) order by position offset 16 limit 1");
        var of = $"where seq_id = (select seq_id from ledger.event_positions where position = {position})";
        await service.ExecuteAsync($"update ledger.mt_events set data = jsonb_set(data, '{{content,text}}', '\"forged\"') {of}");
        var edited = await VerifyAsync(service);
        edited.ExitCode.ShouldBe(ExitCode.DoneWithFindings, edited.Error);
        edited.Out.ShouldStartWith($"NOT verified: position {position}: the body was edited");

        await service.ExecuteAsync($"update ledger.mt_events set timestamp = timestamp - interval '1 day' {of}");
        (await VerifyAsync(service)).Out.ShouldStartWith($"NOT verified: position {position}: time, actor, type, ids, version or body hash were edited");
        await service.ExecuteAsync($"delete from ledger.mt_events {of}");
        (await VerifyAsync(service)).Out.ShouldStartWith($"NOT verified: position {position}: the event is missing");
        // Nor does an export for one system take what is gone for an item of another.
        using var bundle = new TemporaryDirectory();
        (await ToolRun.OfAsync(["export", bundle.Name, "--system", "erp", "--url", service.Url])).Out.ShouldContain($"NOT verified: position {position}: the event is missing");
    }

    [Fact]
    public async Task A_server_that_goes_back_or_tells_another_history_is_refused_by_whoever_remembers()
    {
        await using var service = await LoggedService.StartAsync(records: 5);
        using var memory = new TemporaryDirectory();
        Directory.CreateDirectory(memory.Name);
        var file = memory.File("remembered.json");
        (await VerifyAsync(service, "--remember", file)).Out.ShouldContain("Verified: 5 events");
        await service.RegisterAsync("more", 4);
        var second = await VerifyAsync(service, "--remember", file);
        second.Out.ShouldContain("Verified: 9 events");
        second.Out.ShouldNotContain("The key is from the server itself");
        var remembered = File.ReadAllText(file);

        // The backup of a moment before: a shorter history, as well signed as the other.
        await service.ExecuteAsync("delete from ledger.log_checkpoints where size > 5");
        var back = await VerifyAsync(service, "--remember", file);
        back.ExitCode.ShouldBe(ExitCode.DoneWithFindings, back.Error);
        back.Out.ShouldStartWith("NOT verified: position 6: the server went back: it shows 5 events and has shown 9");
        File.ReadAllText(file).ShouldBe(remembered);

        File.WriteAllText(file, remembered[..^40]);
        (await VerifyAsync(service, "--remember", file)).ShouldFailWith(ExitCode.BadInput, "does not hold a checkpoint that was remembered");

        await using var other = await LoggedService.StartAsync(records: 9);
        File.WriteAllText(file, remembered);
        var another = await VerifyAsync(other, "--remember", file);
        another.ExitCode.ShouldBe(ExitCode.DoneWithFindings, another.Error);
        another.Out.ShouldContain("No signature is by a known key");
        var key = Path.Combine(memory.Name, "keys.txt");
        File.WriteAllText(key, (await ToolRun.OfAsync(["verify", "--url", other.Url, "--json"])).Json().GetProperty("signed_by")[0].GetString() + "\n");
        (await VerifyAsync(other, "--remember", file, "--key", key)).Out.ShouldStartWith("NOT verified: the server shows another history");
    }

    [Fact]
    public async Task What_is_no_bundle_or_no_key_is_said_so()
    {
        using var directory = new TemporaryDirectory();
        (await ToolRun.OfAsync(["verify", directory.Name])).ShouldFailWith(ExitCode.BadInput, "There is no directory");
        Directory.CreateDirectory(directory.Name);
        (await ToolRun.OfAsync(["verify", directory.Name])).Out.ShouldStartWith("NOT verified: manifest.json is missing");
        File.WriteAllText(directory.File("manifest.json"), "{}", Encoding.UTF8);
        (await ToolRun.OfAsync(["verify", directory.Name])).Out.ShouldStartWith("NOT verified: manifest.json cannot be read");
        (await ToolRun.OfAsync(["verify", directory.Name, "--key", "nonsense"])).ShouldFailWith(ExitCode.Usage, "--key: A verifier key is written name+id+key.");
        (await ToolRun.OfAsync(["verify", directory.Name, "--remember", "x"])).ShouldFailWith(ExitCode.Usage, "--remember goes with a service");
    }

    private static Task<ToolRun> VerifyAsync(RunningService service, params string[] more) => ToolRun.OfAsync(["verify", "--url", service.Url, .. more]);
}
