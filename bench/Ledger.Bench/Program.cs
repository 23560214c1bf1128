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
await using (var raw = new RawData(rawFile))
{
    var bench = new Bench(arguments.Plan, arguments.Service, page, raw);
    Console.WriteLine(machine);
    foreach (var question in arguments.Questions)
    {
        var before = Stopwatch.GetTimestamp();
        Console.WriteLine(question.Name);
        await question.AskAsync(bench);
        Console.WriteLine($"  took {Stopwatch.GetElapsedTime(before).TotalSeconds:0} s");
    }
}
var text = page.ToMarkdown(rawFile, Stopwatch.GetElapsedTime(started));
var file = Path.Combine(arguments.Results, name + ".md");
await File.WriteAllTextAsync(file, text);
Console.WriteLine();
Console.WriteLine(text);
Console.WriteLine($"Written to {file}");
return 0;
