using System.Diagnostics;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Faults.Machines;

/// <summary>A PostgreSQL of our own on loopback, with its durability settings as they are, that can be killed and started again.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _binaries = PostgresBinaries.Find();
    private readonly UnprivilegedUser _user = UnprivilegedUser.ForServer();
    private readonly string _folder;
    private readonly bool _isMounted;
    private Process? _postmaster;

    private Cluster(string folder, bool isMounted) => (_folder, _isMounted) = (folder, isMounted);

    public int Port { get; } = Loopback.FreePort();

    public string Folder => _folder;

    /// <summary>Unpooled and short of patience: for the campaign's own questions.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=5;Command Timeout=60";

    /// <param name="megabytes">Keeps the data on a file system of this size; null: on the machine's own.</param>
    /// <exception cref="InvalidOperationException">Mounting needs rights this process does not have.</exception>
    public static async Task<Cluster> StartAsync(int? megabytes = null)
    {
        var folder = Path.Combine("/tmp", $"ledger-faults-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        if (megabytes is { } size && !await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}m,mode=0755", "ledger-faults", folder)) throw new InvalidOperationException("A file system of a limited size cannot be mounted here.");
        var cluster = new Cluster(folder, megabytes is not null);
        cluster._user.Own(folder);
        var initialise = cluster._user.Command(Path.Combine(cluster._binaries, "initdb"), "--pgdata", cluster.Data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8");
        initialise.RedirectStandardOutput = true;
        using (var initdb = Process.Start(initialise)!)
        {
            await initdb.StandardOutput.ReadToEndAsync();
            await initdb.WaitForExitAsync();
        }
        await cluster.StartServerAsync();
        return cluster;
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>As an operator's supervisor would: again and again, until it answers.</summary>
    public async Task StartServerAsync()
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < TimeSpan.FromMinutes(2);)
        {
            // setpriv, runuser and su replace themselves: this is the postmaster's own process.
            var command = _user.Command(Path.Combine(_binaries, "postgres"), "-D", Data, "-c", "listen_addresses=127.0.0.1", "-c", $"port={Port}", "-c", "unix_socket_directories=",
                "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "min_wal_size=32MB", "-c", "max_wal_size=64MB", "-c", "timezone=UTC", "-c", "log_min_messages=fatal");
            (command.RedirectStandardError, command.RedirectStandardOutput) = (true, true);
            _postmaster = Process.Start(command)!;
            _postmaster.BeginErrorReadLine();
            _postmaster.BeginOutputReadLine();
            while (!_postmaster.HasExited)
            {
                try
                {
                    await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                    await connection.OpenAsync();
                    return;
                }
                catch (NpgsqlException)
                {
                    await Task.Delay(20);
                }
            }
            // Children of a killed postmaster may hold its memory for a moment.
            await Task.Delay(50);
        }
        throw new InvalidOperationException("PostgreSQL did not start.");
    }

    public bool IsRunning => _postmaster is { HasExited: false };

    public async Task KillAsync()
    {
        _postmaster!.Kill();
        await _postmaster.WaitForExitAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        await Task.Delay(500);
        if (_isMounted) await RunAsync("umount", "-l", _folder);
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A child of the killed server still writes: the system clears /tmp.
        }
    }

    private static async Task<bool> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
