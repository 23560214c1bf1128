using System.Diagnostics;
using System.Globalization;

namespace Ledger.Testing.Postgres;

/// <summary>Removes what is left of test processes whose supervisor was killed as well (a machine's out-of-memory killer, <c>kill -9</c>).</summary>
internal static class StaleClusters
{
    public static void Remove()
    {
        foreach (var folder in PrivateCluster.TemporaryRoots().SelectMany(root => Directory.GetDirectories(root, PrivateCluster.FolderPrefix + "*")))
        {
            try
            {
                RemoveIfStale(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Owned by a living process, by another user, or removed by someone else in this moment: not ours to clean.
            }
        }
    }

    private static void RemoveIfStale(string folder)
    {
        // Between creating its folder and taking the lock a process owns nothing that shows: leave young folders alone.
        if (DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) < TimeSpan.FromMinutes(2))
        {
            return;
        }

        var lockFile = Path.Combine(folder, PrivateCluster.LockFile);
        using (new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            StopServer(folder);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void StopServer(string folder)
    {
        var pidFile = Path.Combine(folder, "data", "postmaster.pid");
        if (!File.Exists(pidFile))
        {
            return;
        }

        var pid = int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture);
        var commandLine = $"/proc/{pid}/cmdline";
        // Process ids are used again: only a process started on this very folder is the server meant.
        if (File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(folder, StringComparison.Ordinal))
        {
            using var server = Process.GetProcessById(pid);
            server.Kill();
            server.WaitForExit(TimeSpan.FromSeconds(10));
        }
    }
}
