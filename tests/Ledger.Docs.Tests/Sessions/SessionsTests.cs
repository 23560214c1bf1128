using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Sessions;

/// <summary>Every session of a page, pasted into a shell, does what the page says.</summary>
public sealed class SessionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages => [.. Repository.Pages.Where(path => new Session(Page.Read(path)).Blocks.Count > 0)];

    [Theory, MemberData(nameof(Pages))]
    public async Task Run_as_they_stand(string path)
    {
        Assert.SkipUnless(SessionRun.IsPossible, SessionRun.Needed);
        var session = new Session(Page.Read(path));
        await using var service = await Service.StartAsync(session.Settings, Token);

        var run = await SessionRun.Of(session, service.Address, cancellationToken: Token);

        run.Faults().ShouldBeEmpty();
        run.Calls.ShouldNotBeEmpty();
    }

    [Fact]
    public void Are_on_the_page_of_every_api_and_in_the_README()
    {
        var pages = Pages.Select(row => row.Data).ToList();
        pages.ShouldContain("README.md");
        string[] apis = ["accounting-entries", "accounting-exports", "accounting-records", "export-jobs", "native", "webhooks"];
        apis.Select(api => $"docs/{api}.md").Except(pages).ShouldBeEmpty();
    }

    // A block in another language would be shown to readers and run by nobody.
    [Fact]
    public void Are_in_blocks_called_sh_or_bash() =>
        Repository.Pages.SelectMany(path => Page.Read(path).Blocks.Where(block => block.Language is "shell" or "console" or "zsh" or "").Select(block => $"{path}:{block.First}")).ShouldBeEmpty();
}
