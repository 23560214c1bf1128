using System.CommandLine;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;
using Ledger.Proof.Online;

namespace Ledger.Cli.Verify;

/// <summary><c>ledger verify [DIR]</c>: holds a bundle, or a running service, against its signed checkpoint.</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("verify", "Prove that a history is the one that was signed. With DIR: a bundle, offline. Without: everything the service shows.");
        var directory = new Argument<string?>("DIR") { Description = "A directory written by 'ledger export'", Arity = ArgumentArity.ZeroOrOne };
        var key = new Option<string[]>("--key") { Description = "A verifier key you trust, or a file of them; without it the bundle's or the server's own are taken, and shown" };
        var remember = new Option<string?>("--remember") { Description = "Online: keeps checkpoint and keys in this file, and refuses a server that went back or shows another history" };
        var json = new Option<bool>("--json") { Description = "Print the verdict as one JSON object" };
        var options = new ServiceAddress.Options();
        command.Arguments.Add(directory);
        command.Options.Add(key);
        command.Options.Add(remember);
        command.Options.Add(json);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, async () =>
        {
            var pinned = VerifierKeys.Read(parsed.GetValue(key));
            var path = parsed.GetValue(directory);
            if (path is not null && parsed.GetValue(remember) is not null) throw CommandFailure.Usage("--remember goes with a service, not with a bundle.");
            var report = path is not null
                ? await OfflineAsync(host, path, pinned)
                : await OnlineAsync(host, options.Read(parsed, host), pinned, parsed.GetValue(remember), cancellationToken);
            host.Out.WriteLine(parsed.GetValue(json) ? report.AsJson() : report.AsText());
            return report.ExitCode;
        }));
        return command;
    }

    private static async Task<VerifyReport> OfflineAsync(ToolHost host, string path, List<string>? pinned) =>
        await HowFar.ShowAsync(host, "Verifying", "bytes", async (progress, _) => VerifyReport.Of(await Task.Run(() => new BundleDirectory(path).Verify(pinned, progress))));

    private static Task<VerifyReport> OnlineAsync(ToolHost host, ServiceAddress address, List<string>? pinned, string? remember, CancellationToken cancellationToken) =>
        HowFar.ShowAsync(host, "Verifying", "events", async (progress, say) =>
        {
            var before = remember is null ? null : RememberedLog.Read(remember);
            var trusted = pinned ?? before?.Keys.ToList();
            using var service = new LedgerService(address, host.Patience, say);
            var log = new ServiceLog(service);
            try
            {
                var report = await Task.Run(() => new LogVerifier(log, trusted, before?.Checkpoint, progress).VerifyAsync(cancellationToken), cancellationToken);
                if (remember is not null && report.IsVerified) RememberedLog.Of(report.Note!, report.SignedBy, await log.KeysAsync(cancellationToken)).Write(remember);
                return VerifyReport.Of(report);
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                throw new CommandFailure(ExitCode.Unreachable, $"The connection to {address.Url} broke: {lost.GetBaseException().Message}", lost);
            }
        });
}
