using System.Diagnostics;
using System.Globalization;
using Ledger.Bench;
using Ledger.Bench.Ledgers;
using Ledger.Bench.Questions;
using Ledger.Bench.Results;
using Ledger.Bench.Service;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Q08Rebuilding.ChildArgument]) return await RebuildProcess.RunAsync();
await using var ledgers = new QueueLedgers();
IQuestion[] questions = [new Q01Appending(), new Q02Reporting(), new Q03SingleResults(), new Q04Importing(), new Q05Pages(ledgers), new Q06Since(ledgers), new Q07Histories(), new Q08Rebuilding(), new Q09Sealing(), new Q10Starting()];
if (Arguments.Read(args, questions) is not { } arguments) return 2;

var started = Stopwatch.GetTimestamp();
var date = TimeProvider.System.GetUtcNow().UtcDateTime;
Machine machine;
await using (var database = await Bench.NewDatabaseAsync()) machine = await Machine.LookAsync(database.DataSource);
var name = $"{date:yyyy-MM-dd}-{machine.Slug}{arguments.Suffix}";
var page = new ResultsPage(machine, arguments.Plan, date);
var rawFile = Path.Combine(arguments.Results, "raw", name + ".ndjson.gz");
var file = Path.Combine(arguments.Results, name + ".md");
var failed = 0;
await using (var raw = new RawData(rawFile))
{
    var bench = new Bench(arguments.Plan, arguments.Service, page, raw);
    Console.WriteLine(machine);
    foreach (var question in arguments.Questions)
    {
        var before = Stopwatch.GetTimestamp();
        Console.WriteLine(question.Name);
        try
        {
            await question.AskAsync(bench);
        }
        // One question that fails must not cost the answers of an hour.
        catch (Exception error)
        {
            failed++;
            Console.Error.WriteLine(error);
            bench.Tell(new(question.Line, question.Name, "an answer", $"failed: {error.Message.ReplaceLineEndings(" ")}", "", false));
        }
        Console.WriteLine($"  took {Stopwatch.GetElapsedTime(before).TotalSeconds:0} s");
        await File.WriteAllTextAsync(file, page.ToMarkdown(rawFile, Stopwatch.GetElapsedTime(started)));
    }
}
if (arguments.Suffix.Length == 0) await DocumentedTable.ReplaceAsync(Path.Combine(arguments.Results, "../../docs/performance.md"), page.Table(file));
Console.WriteLine();
Console.WriteLine(await File.ReadAllTextAsync(file));
Console.WriteLine($"Written to {file}");
return failed == 0 ? 0 : 1;
