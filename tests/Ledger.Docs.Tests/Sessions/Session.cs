using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>
/// What a reader of a page pastes into one shell: its <c>sh</c> and <c>bash</c> blocks, in order. A block whose every line starts a program of the
/// clone (<c>./run</c>, <c>dotnet run</c>, <c>docker compose</c> …) is how to get there, and not part of it.
/// </summary>
/// <remarks>
/// A call is expected to succeed (2xx), unless a comment at the end of its line or on the line above says what it answers:
/// <c># answers 409</c>.
/// </remarks>
internal sealed partial class Session(Page page)
{
    private static readonly string[] Programs = ["./run", "./test", "bench/run", "dotnet ", "docker ", "git "];

    public Page Page { get; } = page;

    public IReadOnlyList<Page.Block> Blocks { get; } =
        [.. page.Blocks.Where(block => block.Language is "sh" or "bash" && !block.Lines.All(line => line.Length == 0 || Programs.Any(line.StartsWith)))];

    /// <summary>Settings of the service the page asks for, as in <c>`Ledger__Demo=true ./run`</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } =
        page.Lines.SelectMany(line => SettingOfRun().Matches(line)).DistinctBy(match => match.Groups[1].Value).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    /// <summary>Lines on which curl is called.</summary>
    public IEnumerable<int> Calls =>
        from block in Blocks
        from number in Enumerable.Range(block.First, block.Lines.Count)
        where CallsCurl().IsMatch(Page.Line(number))
        select number;

    /// <summary>The status a page says a line answers; null: any success.</summary>
    public int? Expected(int line) =>
        Says(Page.Line(line)) ?? (Page.Line(line - 1).TrimStart().StartsWith('#') ? Says(Page.Line(line - 1)) : null);

    /// <summary>A script in which every line of the session has the number it has on the page, so that errors name it.</summary>
    /// <param name="service">Takes the place of <c>http://127.0.0.1:5080</c>, the only change made.</param>
    /// <param name="afterEach">Put in place of the closing fence of every block.</param>
    public string Script(Uri service, string afterEach = "")
    {
        var script = new string[Page.Lines.Count];
        Array.Fill(script, "");
        foreach (var block in Blocks)
        {
            for (var number = block.First; number <= block.Last; number++) script[number - 1] = Page.Line(number);
            script[block.Last] = afterEach;
        }
        return string.Join('\n', script).Replace("http://127.0.0.1:5080", service.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
    }

    private static int? Says(string line) => Answers().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"# .*\banswers (\d{3})\b")]
    private static partial Regex Answers();

    [GeneratedRegex(@"`(Ledger__\w+)=(\S+) \./run\b")]
    private static partial Regex SettingOfRun();

    [GeneratedRegex(@"^[^#]*\bcurl\s")]
    private static partial Regex CallsCurl();
}
