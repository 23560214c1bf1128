using System.Globalization;
using System.Text;

namespace Ledger.Bench.Results;

/// <summary>What a run found, as the page that is kept: first what was to be reached, then every line in full.</summary>
internal sealed class ResultsPage(Machine machine, Plan plan, DateTime date)
{
    private readonly List<Figure> _figures = [];
    private readonly List<(string Title, List<Series> Series, string? Yardstick)> _questions = [];

    public void Add(Figure figure) => _figures.Add(figure);

    /// <param name="yardstick">The variant the others of the same case are divided by; null: there is none.</param>
    public void Add(string title, List<Series> series, string? yardstick) => _questions.Add((title, series, yardstick));

    public string ToMarkdown(string rawFile, TimeSpan took)
    {
        var page = new StringBuilder();
        page.AppendLine(Line($"# {date:yyyy-MM-dd}, {machine.Cores} cores")).AppendLine();
        page.AppendLine(machine + ".").AppendLine();
        page.AppendLine(Line($"`bench/run`, sizes \"{plan.Name}\": {plan.Runs} runs of {plan.Slice.TotalSeconds:0.0} s per variant after one to warm up, all variants of a case in turn within each run; took {took.TotalMinutes:0} minutes."));
        page.AppendLine("Load generator, service and PostgreSQL share the machine. Medians of the runs; in brackets the slowest and the fastest run.");
        page.AppendLine($"Every run as it was seen: [{Path.GetFileName(rawFile)}](raw/{Path.GetFileName(rawFile)}).").AppendLine();
        AppendFigures(page);
        foreach (var (title, series, yardstick) in _questions)
        {
            page.AppendLine().AppendLine($"## {title}").AppendLine();
            AppendTable(page, ["case", "variant", "per second", "slowest – fastest", "of bare", "p50 ms", "p95", "p99", "p99.9", "bytes/item", "service µs/item", "PostgreSQL µs/item"], series.Select(one => Row(one, series, yardstick)));
        }
        return page.ToString();
    }

    /// <summary>The table alone, for the page of the documentation that explains it.</summary>
    /// <param name="file">Name of the results it is taken from.</param>
    public string Table(string file)
    {
        var table = new StringBuilder();
        table.AppendLine(Line($"From [{Path.GetFileNameWithoutExtension(file)}](../bench/results/{Path.GetFileName(file)}): {machine.Processor}, {machine.Cores} cores, PostgreSQL {machine.Postgres}, .NET; {plan.Runs} runs of {plan.Slice.TotalSeconds:0.0} s. Load generator, service and PostgreSQL share the cores.")).AppendLine();
        AppendFigures(table);
        return table.ToString();
    }

    private void AppendFigures(StringBuilder page) => AppendTable(page, ["#", "what", "reach", "measured", "runs", "held"], _figures.OrderBy(figure => figure.Line).Select(figure => (string[])
        [Line($"{figure.Line}"), figure.What, figure.Reach, figure.Measured, figure.Spread, figure.Held switch { true => "yes", false => "**no**", null => "–" }]));

    private static string[] Row(Series one, List<Series> all, string? yardstick)
    {
        var bare = all.FirstOrDefault(other => other.Case == one.Case && other.Variant == yardstick);
        return
        [
            one.Case, one.Variant, Line($"{one.PerSecond:N0}"), Line($"{one.Slowest:N0} – {one.Fastest:N0}"), bare is { PerSecond: > 0 } ? Line($"{one.PerSecond / bare.PerSecond:0.00}") : "–",
            Milliseconds(one.Milliseconds(0.50)), Milliseconds(one.Milliseconds(0.95)), Milliseconds(one.Milliseconds(0.99)), Milliseconds(one.Milliseconds(0.999)),
            Number(one.BytesPerItem), Number(one.ProcessorMicroseconds(run => run.ServiceProcessor)), Number(one.ProcessorMicroseconds(run => run.DatabaseProcessor)),
        ];
    }

    private static void AppendTable(StringBuilder page, string[] head, IEnumerable<string[]> rows)
    {
        page.AppendLine($"| {string.Join(" | ", head)} |").AppendLine($"|{string.Concat(head.Select(_ => " --- |"))}");
        foreach (var row in rows) page.AppendLine($"| {string.Join(" | ", row)} |");
    }

    private static string Milliseconds(double value) => Line(value >= 10 ? $"{value:0}" : value >= 1 ? (FormattableString)$"{value:0.0}" : $"{value:0.00}");
    private static string Number(double? value) => value is { } known ? Line($"{known:N0}") : "–";
    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
