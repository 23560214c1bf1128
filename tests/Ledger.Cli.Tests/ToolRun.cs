using System.Text.Json;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Tests;

/// <summary>One run of the whole tool, from its arguments to its exit code and what it printed.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    private static readonly Patience Impatient = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(20));

    public static async Task<ToolRun> OfAsync(string[] args, Dictionary<string, string>? environment = null, Patience? patience = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new ToolHost(output, error, false, name => environment?.GetValueOrDefault(name), patience ?? Impatient);
        var code = await LedgerTool.RunAsync(args, host, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    public JsonElement Json() => JsonDocument.Parse(Out).RootElement;

    public void ShouldFailWith(int exitCode, string message)
    {
        ExitCode.ShouldBe(exitCode, Error);
        Error.ShouldContain(message);
        Error.ShouldNotContain("   at ");
        Out.ShouldBeEmpty();
    }

    public static string Sample => Path.Combine(AppContext.BaseDirectory, "Data", "saft-financial-no.xml");
}
