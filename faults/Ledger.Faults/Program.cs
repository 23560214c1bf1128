using System.Globalization;
using System.Runtime.InteropServices;
using Ledger.Faults.Lines;
using Ledger.Faults.Machines;

// Faults under load, line by line. --quick: few of each; --faults N: N of each; --only TEXT: lines whose name has it, or one of several separated by commas; --seed N; --clients N; --results FILE: appends a report.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length == 0) throw new ArgumentException("Give the path of Ledger.Api.dll; faults/run does.");
var seed = Number("--seed") ?? Random.Shared.Next(1, 1_000_000);
var clients = Number("--clients") ?? 8;
var only = Text("--only");
var plan = new Plan(Path.GetFullPath(args[0]), seed, clients, args.Contains("--quick"), Number("--faults"));
var lines = Campaign.Lines.Where(line => only is null || only.Split(',').Any(text => line.Name.Contains(text, StringComparison.OrdinalIgnoreCase))).ToList();
string[] header =
[
    $"## {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC · seed {seed} · {clients} clients", "",
    $"{Environment.ProcessorCount} cores · {RuntimeInformation.FrameworkDescription} · everything on one machine, over loopback · fsync, full_page_writes and synchronous_commit on", "", .. Result.Header.Split('\n'),
];
// Line by line: a campaign that is stopped has said what it knows.
var file = Text("--results");
foreach (var line in header) Say(line);
List<string> remarks = [];
var (clean, failed, skipped) = (0, 0, 0);
foreach (var line in lines)
{
    try
    {
        Children.TakeWords();
        var result = await line.Run(plan);
        if (result.IsClean) clean++;
        else failed++;
        Say(result.Row(line.Name));
        if (!result.IsClean) Explain(result);
        remarks.AddRange(result.Details().Concat(result.Remarks).Select(remark => $"- {line.Name}: {remark}"));
    }
    catch (NotSupportedException reason)
    {
        skipped++;
        Say($"| {line.Name} | skipped: {reason.Message} |");
    }
    catch (Exception error)
    {
        // A line that breaks down is a failed line; the others still run.
        failed++;
        Say($"| {line.Name} | not finished: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} |");
    }
}
Say("");
foreach (var remark in remarks) Say(remark);
Say("");
Console.WriteLine($"{clean} lines clean, {failed} failed, {skipped} skipped");
return failed == 0 && clean > 0 ? 0 : 1;

// At once: whoever waits for the end of the campaign to learn why waits an hour.
void Explain(Result result)
{
    foreach (var what in result.Details().Concat(Children.TakeWords())) Console.Error.WriteLine(what);
}

void Say(string line)
{
    Console.WriteLine(line);
    if (file is not null) File.AppendAllText(file, line + "\n");
}

string? Text(string option) => Array.IndexOf(args, option) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : null;
int? Number(string option) => Text(option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
