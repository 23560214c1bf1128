using System.Diagnostics;
using Ledger.Faults.Clients;

namespace Ledger.Faults.Machines;

/// <summary>The <c>ledger</c> tool, as a process of its own.</summary>
internal static class OperatorTool
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "ledger.dll");

    /// <summary>Replaces the read models by the replay of the events.</summary>
    public static Process StartRebuild(Cluster cluster)
    {
        var command = new ProcessStartInfo("dotnet", [Assembly, "rebuild", "--all"]);
        command.Environment["ConnectionStrings__Ledger"] = cluster.ConnectionString;
        return Children.Start(command);
    }

    /// <summary>Holds everything the service shows the tenant against its signed checkpoint, and against the one that was remembered in the file.</summary>
    /// <returns>The exit code (docs/cli.md), and what the tool said.</returns>
    public static async Task<(int ExitCode, string Said)> VerifyAsync(ServiceNode node, Tenant tenant, string remembered)
    {
        var command = new ProcessStartInfo("dotnet", [Assembly, "verify", "--remember", remembered]) { RedirectStandardOutput = true, RedirectStandardError = true };
        command.Environment["LEDGER_URL"] = node.Address.ToString();
        command.Environment["LEDGER_CLIENT_ID"] = tenant.ClientId;
        command.Environment["LEDGER_CLIENT_SECRET"] = tenant.ClientSecret;
        using var process = Process.Start(command)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said).ReplaceLineEndings(" "));
    }
}
