using System.Text.RegularExpressions;

namespace Ledger.Docs.Tests.Pages;

/// <summary>A Markdown page. Lines count from 1.</summary>
internal sealed partial class Page
{
    public Page(string path, string text)
    {
        Path = path;
        Lines = text.ReplaceLineEndings("\n").Split('\n');
        Blocks = ReadBlocks();
        Headings = [.. Prose().Select(line => Heading().Match(line.Text)).Where(match => match.Success).Select(match => Anchor(match.Groups[1].Value))];
        Links = [.. Prose().SelectMany(line => Link().Matches(CodeSpan().Replace(line.Text, "")).Select(match => (line.Number, match.Groups[1].Value)))];
    }

    public static Page Read(string path) => new(path, File.ReadAllText(Repository.Full(path)));

    public string Path { get; }

    public IReadOnlyList<string> Lines { get; }

    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>What can stand after # in a link to this page.</summary>
    public IReadOnlyList<string> Headings { get; }

    public IReadOnlyList<(int Line, string Target)> Links { get; }

    public string Line(int number) => Lines[number - 1];

    /// <summary>A fenced block; its fences are on the lines before <paramref name="First"/> and after <paramref name="Last"/>.</summary>
    internal sealed record Block(string Language, int First, int Last, IReadOnlyList<string> Lines);

    private List<Block> ReadBlocks()
    {
        var blocks = new List<Block>();
        for (var index = 0; index < Lines.Count; index++)
        {
            if (!Lines[index].StartsWith("```", StringComparison.Ordinal)) continue;
            var first = index + 1;
            var end = first;
            while (end < Lines.Count && Lines[end] != "```") end++;
            if (end == Lines.Count) throw new FormatException($"{Path}:{index + 1}: the block is never closed.");
            blocks.Add(new(Lines[index][3..].Trim(), first + 1, end, [.. Lines.Skip(first).Take(end - first)]));
            index = end;
        }
        return blocks;
    }

    /// <summary>What is not inside a block.</summary>
    public IEnumerable<(int Number, string Text)> Prose() =>
        Lines.Select((text, index) => (Number: index + 1, text)).Where(line => !Blocks.Any(block => line.Number >= block.First - 1 && line.Number <= block.Last + 1));

    // As GitHub makes them: lower case, without punctuation, hyphens for spaces.
    private static string Anchor(string heading) => Punctuation().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^#+ (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
