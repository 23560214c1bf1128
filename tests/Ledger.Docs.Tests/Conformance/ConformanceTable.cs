using System.Text.RegularExpressions;
using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Conformance;

/// <summary>One table of docs/conformance.md: its first column names the row, its last one the tests.</summary>
/// <param name="Folders">Where the row-named tests are, under tests/.</param>
/// <param name="Pattern">How tests say which row they are, from <c>&lt;!-- tests: FOLDER,FOLDER PATTERN --&gt;</c> above the table; null: listed by hand.</param>
internal sealed partial record ConformanceTable(string Heading, IReadOnlyList<string> Folders, string? Pattern, IReadOnlyList<ConformanceTable.Row> Rows)
{
    public const string NoTest = "no test: ";

    /// <param name="Line">On the page, from 1.</param>
    /// <param name="Tests">As the cell names them.</param>
    internal sealed record Row(int Line, string Key, string Cell, IReadOnlyList<string> Tests)
    {
        public bool SaysThereIsNone => Cell.StartsWith(NoTest, StringComparison.Ordinal);
    }

    public static IEnumerable<ConformanceTable> Read(Page page)
    {
        var (heading, folders, pattern) = ("", Array.Empty<string>(), (string?)null);
        for (var number = 1; number <= page.Lines.Count; number++)
        {
            var line = page.Line(number);
            if (line.StartsWith('#')) (heading, folders, pattern) = (line.TrimStart('#').Trim(), [], null);
            if (Named().Match(line) is { Success: true } named) (folders, pattern) = (named.Groups[1].Value.Split(','), named.Groups[2].Value);
            if (!line.StartsWith('|')) continue;
            var rows = new List<Row>();
            // The first two lines are the head.
            for (number += 2; number <= page.Lines.Count && page.Line(number).StartsWith('|'); number++) rows.Add(Parse(number, page.Line(number)));
            yield return new(heading, folders, pattern, rows);
        }
    }

    /// <summary>Tests that say by their name that they are this row.</summary>
    public IEnumerable<string> NamedAfter(Row row)
    {
        if (Pattern is null) return [];
        var start = Pattern.Replace("{row}", Pattern.EndsWith("({row}", StringComparison.Ordinal) ? row.Key : NotOfAName().Replace(row.Key, "_"), StringComparison.Ordinal);
        return TestSources.All.Where(test => Folders.Any(folder => test.Folder.StartsWith("tests/" + folder, StringComparison.Ordinal)))
            .SelectMany(test => test.Names.Where(name => Starts(name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], start)))
            .Where(name => Pattern.Contains('(', StringComparison.Ordinal) || !name.Contains('(', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    // Check_1_ is not Check_15_.
    private static bool Starts(string name, string start) =>
        name.StartsWith(start, StringComparison.Ordinal) && (name.Length == start.Length || name[start.Length] is '_' or ',' or ')');

    private static Row Parse(int number, string line)
    {
        var cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToList();
        return new(number, cells[0], cells[^1], [.. TestInCell().Matches(cells[^1]).Select(test => test.Groups[1].Value)]);
    }

    [GeneratedRegex(@"^<!-- tests: (\S+) (.+) -->$")]
    private static partial Regex Named();

    [GeneratedRegex(@"[^\w]+")]
    private static partial Regex NotOfAName();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex TestInCell();
}
