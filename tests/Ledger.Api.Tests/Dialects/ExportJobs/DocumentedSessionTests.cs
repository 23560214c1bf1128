using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>Runs the session of docs/export-jobs.md as it stands there, with bash and curl, against a service that listens.</summary>
public sealed class DocumentedSessionTests
{
    [Fact]
    public async Task The_session_of_the_guide_runs_as_it_is_written()
    {
        await using var host = LedgerHost.OverTheWire();
        var address = (await host.AnonymousAsync()).BaseAddress!;

        var output = await RunAsync(Session(await File.ReadAllTextAsync(Guide(), TestContext.Current.CancellationToken)), address);

        output.ShouldContain("\"failureReasonType\":\"receipt_conversion_failure\"");
        output.ShouldContain("\"status\":\"completed_with_errors\"");
        output.ShouldContain("\"external_id\":\"ext-1234\"");
        output.ShouldEndWith("}");
    }

    private static string Session(string guide) => guide.Split("```bash\n")[1].Split("```")[0];

    private static string Guide([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "../../../../docs/export-jobs.md");

    private static async Task<string> RunAsync(string script, Uri address)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LEDGER"] = address.ToString().TrimEnd('/');
        using var bash = Process.Start(start)!;
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        bash.ExitCode.ShouldBe(0, $"{await output}\n{await error}");
        return await output;
    }
}
