using System.Text.RegularExpressions;
using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Conformance;

/// <summary>The tests of the repository, read from their sources: a method with [Fact] or [Theory] that is not skipped.</summary>
internal static partial class TestSources
{
    /// <param name="Folder">From the root.</param>
    /// <param name="Name"><c>Class.Method</c></param>
    /// <param name="Cases">Arguments of each [InlineData] as text, without quotes: <c>pending, started</c>.</param>
    internal sealed record Test(string Folder, string Name, IReadOnlyList<string> Cases)
    {
        public string Method => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];

        /// <summary>The test, and each of its cases.</summary>
        public IEnumerable<string> Names => [Name, .. Cases.Select(arguments => $"{Name}({arguments})")];
    }

    public static IReadOnlyList<Test> All { get; } =
    [
        .. from file in Directory.GetFiles(Repository.Full("tests"), "*.cs", SearchOption.AllDirectories)
           let path = Repository.Relative(file)
           where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
           from test in Read(path[..path.LastIndexOf('/')], File.ReadAllText(file))
           select test,
    ];

    public static IEnumerable<Test> Read(string folder, string source)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var type = "";
        for (var index = 0; index < lines.Length; index++)
        {
            if (TopLevelClass().Match(lines[index]) is { Success: true } found) type = found.Groups[1].Value;
            if (Method().Match(lines[index]) is not { Success: true } method) continue;
            // Attributes stand between the method and the blank line or brace before it.
            var first = index;
            while (first > 0 && lines[first - 1].Trim() is not ("" or "{")) first--;
            var attributes = string.Join('\n', lines[first..index]);
            if (!TestAttribute().IsMatch(attributes) || attributes.Contains("Skip", StringComparison.Ordinal)) continue;
            yield return new(folder, $"{type}.{method.Groups[1].Value}", [.. InlineData().Matches(attributes).Select(data => data.Groups[1].Value.Replace("\"", "", StringComparison.Ordinal))]);
        }
    }

    [GeneratedRegex(@"^[a-z ]*\bclass (\w+)")]
    private static partial Regex TopLevelClass();

    [GeneratedRegex(@"^    public (?:async )?(?:Task|ValueTask|void) (\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"^\s*\[(Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"\[InlineData\((.*)\)\]")]
    private static partial Regex InlineData();
}
