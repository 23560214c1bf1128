using System.Text.RegularExpressions;

namespace Ledger.Docs.Tests.Pages;

/// <summary>Folders, files and tests a page mentions in <c>`code`</c> are there.</summary>
public sealed partial class MentionsTests
{
    private static readonly HashSet<string> TestClasses =
        [.. Directory.GetFiles(Repository.Full("tests"), "*.cs", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!)];

    public static TheoryData<string> Pages => [.. Repository.Pages];

    [Theory, MemberData(nameof(Pages))]
    public void Are_there(string path) => Gone(Page.Read(path)).ShouldBeEmpty();

    [Theory]
    [InlineData("See `src/Ledger.Domain/Gone.cs`", "src/Ledger.Domain/Gone.cs")]
    [InlineData("See `Sealing/NoSuchTests`", "Sealing/NoSuchTests")]
    [InlineData("See `src/Ledger.Domain`, `tests/`, `Pages/MentionsTests`, `src/<Noun>/`, `bench/run`", null)]
    [InlineData("```text\nsrc/none and `src/none`\n```", null)]
    public void That_are_gone_are_found(string text, string? gone) => Gone(new("page.md", text)).ShouldBe(gone is null ? [] : [$"page.md:1: {gone}"]);

    private static IEnumerable<string> Gone(Page page) =>
        from line in page.Prose()
        from span in CodeSpan().Matches(line.Text)
        let mention = span.Groups[1].Value
        where InTheClone().IsMatch(mention) && !Path.Exists(Repository.Full(mention)) || TestClass().Match(mention) is { Success: true } test && !TestClasses.Contains(test.Groups[1].Value)
        select $"{page.Path}:{line.Number}: {mention}";

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^(src|tests|bench|docs|eng)/[\w./-]*$")]
    private static partial Regex InTheClone();

    [GeneratedRegex(@"^(?:\w+/)?(\w+Tests)$")]
    private static partial Regex TestClass();
}
