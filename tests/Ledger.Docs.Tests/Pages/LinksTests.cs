namespace Ledger.Docs.Tests.Pages;

public sealed class LinksTests
{
    public static TheoryData<string> Pages => [.. Repository.Pages];

    [Theory, MemberData(nameof(Pages))]
    public void Lead_to_a_file_of_the_repository_and_a_heading_in_it(string path) => Broken(Page.Read(path)).ShouldBeEmpty();

    [Theory]
    [InlineData("[gone](docs/gone.md)", "docs/gone.md")]
    [InlineData("[heading](README.md#no-such-heading)", "README.md#no-such-heading")]
    [InlineData("[here](#no-such-heading)", "#no-such-heading")]
    [InlineData("[code](README.md) and `[not a link](gone.md)`", null)]
    [InlineData("# A `title`, here\n[here](#a-title-here)", null)]
    public void That_lead_nowhere_are_found(string text, string? broken) =>
        Broken(new("page.md", text)).ShouldBe(broken is null ? [] : [$"page.md:1: {broken}"]);

    private static IEnumerable<string> Broken(Page page) =>
        from link in page.Links
        where !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal)
        where !Exists(page, link.Target)
        select $"{page.Path}:{link.Line}: {link.Target}";

    private static bool Exists(Page page, string target)
    {
        var (path, heading) = target.Split('#') is [var file, var anchor] ? (file, anchor) : (target, null);
        if (path.Length == 0) return page.Headings.Contains(heading);
        var full = Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, path));
        if (heading is null) return File.Exists(full) || Directory.Exists(full);
        return File.Exists(full) && Page.Read(Repository.Relative(full)).Headings.Contains(heading);
    }
}
