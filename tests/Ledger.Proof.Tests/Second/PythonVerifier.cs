using System.Diagnostics;
using System.Globalization;
using Ledger.Proof.Tests.Bundles;

namespace Ledger.Proof.Tests.Second;

/// <summary>What a verifier says of a bundle.</summary>
/// <param name="Position">The first bad position; null: verified, or nothing that has one.</param>
public sealed record Verdict(bool IsVerified, long? Position)
{
    internal static Verdict OfFirst(SampleBundle bundle, params string[] pinned)
    {
        var report = bundle.Verify(pinned);
        return new(report.IsVerified, report.IsVerified ? null : report.Findings[0].Position);
    }
}

/// <summary>docs/verify/verify.py, run by the Python 3 on the path. There has to be one: a second verifier that was not asked proves nothing.</summary>
internal static class PythonVerifier
{
    // As the program runs it, but many in one process: most of the time Python takes is its start.
    private const string Many = """
        import functools, sys
        sys.path.insert(0, sys.argv[1])
        sys.dont_write_bytecode = True
        import verify
        verify.is_signed = functools.lru_cache(None)(verify.is_signed)
        for bundle in sys.stdin.read().split("\n")[:-1]:
            try:
                print("verified: " + verify.verify(bundle, None))
            except (OSError, *verify.MALFORMED) as error:
                print("NOT VERIFIED: " + " ".join(str(error.args[0] if isinstance(error, verify.Fault) else error).split()))
        """;

    public static string Folder { get; } = Path.Combine(Root(), "docs", "verify");

    /// <summary>One verdict per bundle.</summary>
    public static async Task<List<(Verdict Verdict, string Text)>> VerifyAsync(IReadOnlyList<SampleBundle> bundles)
    {
        var folder = Directory.CreateTempSubdirectory("ledger-bundles-");
        try
        {
            for (var index = 0; index < bundles.Count; index++) Write(bundles[index], Directory.CreateDirectory(Path.Combine(folder.FullName, index.ToString(CultureInfo.InvariantCulture))).FullName);
            var input = string.Concat(Enumerable.Range(0, bundles.Count).Select(index => Path.Combine(folder.FullName, index.ToString(CultureInfo.InvariantCulture)) + "\n"));
            var (_, output, error) = await RunAsync(["-c", Many, Folder], input);
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBe(bundles.Count, error);
            return [.. lines.Select(line => (Parse(line), line))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The program itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string bundle, params string[] arguments)
    {
        var (code, output, error) = await RunAsync([Path.Combine(Folder, "verify.py"), bundle, .. arguments], "");
        return (code, output + error);
    }

    public static Verdict Parse(string line)
    {
        if (line.StartsWith("verified: ", StringComparison.Ordinal)) return new(true, null);
        line.ShouldStartWith("NOT VERIFIED: ");
        const string position = "NOT VERIFIED: position ";
        return new(false, line.StartsWith(position, StringComparison.Ordinal) && line.IndexOf(':', position.Length) is > 0 and var end ? long.Parse(line[position.Length..end], CultureInfo.InvariantCulture) : null);
    }

    public static void Write(SampleBundle bundle, string folder)
    {
        foreach (var (name, content) in bundle.Files) File.WriteAllBytes(Path.Combine(folder, name), content);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, string input)
    {
        var start = new ProcessStartInfo("python3", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Whatever the machine's locale: the program prints UTF-8.
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var python = Start(start);
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.StandardInput.WriteAsync(input);
        python.StandardInput.Close();
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (python.ExitCode, await output, await error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("The second verifier needs python3 (3.8 or later) on the path; ./test installs it where it can.", missing);
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExportLedger.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The second verifier is read from a clone: no ExportLedger.sln above " + AppContext.BaseDirectory);
    }
}
