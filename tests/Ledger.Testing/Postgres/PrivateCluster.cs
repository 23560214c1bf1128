using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>
/// A throw-away cluster in a temporary folder, on a free port of 127.0.0.1. Durability settings stay on, as in production:
/// the service refuses a server without them.
/// </summary>
internal sealed class PrivateCluster
{
    public const string FolderPrefix = "ledger-test-pg-";
    public const string LockFile = "owner.lock";

    // Reads its standard input until it closes, which the kernel does for us even when the test process is killed hard;
    // then stops the server at once (nothing in it is kept) and removes the folder. A Ctrl-C in the terminal must not get ahead of the tests.
    private const string Supervisor =
        """
        folder=$1; shift
        trap : INT TERM HUP
        exec 3<&0
        "$@" >"$folder/server.log" 2>&1 </dev/null 3<&- &
        server=$!
        (trap : INT TERM HUP; while read -r _; do :; done <&3; kill -QUIT "$server" 2>/dev/null) &
        exec 3<&-
        while kill -0 "$server" 2>/dev/null; do wait "$server"; done
        [ -e "$folder/started" ] && rm -rf "$folder"
        """;

    private readonly Process supervisor;
    private readonly FileStream owner;

    private PrivateCluster(string connectionString, Process supervisor, FileStream owner)
    {
        ConnectionString = connectionString;
        this.supervisor = supervisor;
        this.owner = owner;
    }

    public string ConnectionString { get; }

    [UnsupportedOSPlatform("windows")]
    public static async Task<PrivateCluster> StartAsync(string binaries)
    {
        var user = UnprivilegedUser.ForServer();
        var folder = CreateFolder(user);
        // The lock outlives no process: the next start recognises a folder nobody owns by it.
        var owner = new FileStream(Path.Combine(folder, LockFile), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await InitialiseAsync(binaries, folder, user);

        // The port is free when asked for, and may be taken a moment later by another test process.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            var supervisor = Launch(binaries, folder, port, user);
            var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=30";
            if (await AnswersAsync(connectionString, supervisor))
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "started"), "");
                return new PrivateCluster(connectionString, supervisor, owner);
            }

            if (attempt == 5)
            {
                throw new InvalidOperationException("PostgreSQL did not start:\n" + await File.ReadAllTextAsync(Path.Combine(folder, "server.log")));
            }
        }
    }

    public void Stop()
    {
        supervisor.StandardInput.Close();
        supervisor.WaitForExit(TimeSpan.FromSeconds(20));
        owner.Dispose();
    }

    /// <summary>TMPDIR may lie where only root can go; the server's user has to reach its data.</summary>
    internal static IEnumerable<string> TemporaryRoots() => new[] { Path.GetTempPath(), "/tmp", "/var/tmp" }.Distinct().Where(Directory.Exists);

    [UnsupportedOSPlatform("windows")]
    private static string CreateFolder(UnprivilegedUser user)
    {
        foreach (var root in TemporaryRoots())
        {
            var folder = Path.Combine(root, FolderPrefix + Guid.NewGuid().ToString("N")[..12]);
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            user.Own(folder);
            using var probe = Process.Start(user.Command("test", "-w", folder))!;
            probe.WaitForExit();
            if (probe.ExitCode == 0)
            {
                return folder;
            }

            Directory.Delete(folder);
        }

        throw new InvalidOperationException($"No temporary folder that user {user.Name} can reach.");
    }

    private static async Task InitialiseAsync(string binaries, string folder, UnprivilegedUser user)
    {
        var command = user.Command(
            Path.Combine(binaries, "initdb"), "--pgdata", Path.Combine(folder, "data"), "--username", "postgres", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        using var initdb = Process.Start(command)!;
        var output = initdb.StandardOutput.ReadToEndAsync();
        var errors = initdb.StandardError.ReadToEndAsync();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb failed:\n{await output}\n{await errors}");
        }
    }

    private static Process Launch(string binaries, string folder, int port, UnprivilegedUser user)
    {
        var command = user.Command(
            "/bin/sh", "-c", Supervisor, "postgres-supervisor", folder,
            Path.Combine(binaries, "postgres"), "-D", Path.Combine(folder, "data"),
            "-c", "listen_addresses=127.0.0.1", "-c", $"port={port}", "-c", "unix_socket_directories=",
            "-c", "shared_buffers=256MB", "-c", "max_connections=300", "-c", "max_wal_size=2GB", "-c", "timezone=UTC");
        command.RedirectStandardInput = true;
        return Process.Start(command)!;
    }

    private static async Task<bool> AnswersAsync(string connectionString, Process supervisor)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(60) && !supervisor.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(50);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
