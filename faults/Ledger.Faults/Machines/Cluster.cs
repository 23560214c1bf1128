using System.Diagnostics;
using Npgsql;

namespace Ledger.Faults.Machines;

/// <summary>A PostgreSQL of our own on loopback, with its durability settings as they are, that can be killed and started again.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly bool _isMounted;
    private readonly string[] _settings;
    private Process? _postmaster;

    private Cluster(string folder, bool isMounted, string[] settings) => (Folder, _isMounted, _settings) = (folder, isMounted, settings);

    public int Port { get; } = Loopback.FreePort();

    public string Folder { get; }

    /// <summary>Short of patience: for the campaign's own questions.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Timeout=15;Command Timeout=300";

    public bool IsRunning => _postmaster is { HasExited: false };

    private string Data => Path.Combine(Folder, "data");

    /// <param name="megabytes">Keeps the data on a file system of this size; null: on the machine's own.</param>
    /// <param name="settings"><c>name=value</c>, as of postgresql.conf.</param>
    /// <exception cref="NotSupportedException">Mounting needs rights this process does not have.</exception>
    public static async Task<Cluster> StartAsync(int? megabytes = null, params string[] settings)
    {
        var folder = Children.NewFolder();
        if (megabytes is { } size && !await RunAsync(new("mount", ["-t", "tmpfs", "-o", $"size={size}m,mode=0755", "ledger-faults", folder]))) throw new NotSupportedException("no right to mount a file system of a limited size");
        var cluster = new Cluster(folder, megabytes is not null, settings);
        ServerFiles.User.Own(folder);
        await ServerFiles.InitialiseAsync(cluster.Data);
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>A second server that follows this one, started and up to date.</summary>
    public async Task<Cluster> FollowAsync()
    {
        var standby = new Cluster(Children.NewFolder(), isMounted: false, _settings);
        ServerFiles.User.Own(standby.Folder);
        await BackUpAsync(standby.Data, "--write-recovery-conf");
        await standby.StartServerAsync();
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < Patience; await Task.Delay(50))
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select exists (select 1 from pg_stat_replication where application_name = 'walreceiver' and state = 'streaming')", connection);
            if (await command.ExecuteScalarAsync() is true) return standby;
        }
        throw new InvalidOperationException("The standby does not follow.");
    }

    /// <summary>A copy of the running server, with the log it needs.</summary>
    public async Task BackUpAsync(string folder, params string[] options)
    {
        var backup = ServerFiles.Command("pg_basebackup", ["--pgdata", folder, "--host=127.0.0.1", $"--port={Port}", "--username=postgres", "--wal-method=stream", "--checkpoint=fast", .. options]);
        if (!await RunAsync(backup)) throw new InvalidOperationException("pg_basebackup failed.");
    }

    /// <summary>Puts a backup in the place of what there is; the server must not run.</summary>
    public void Restore(string backup)
    {
        Directory.Delete(Data, recursive: true);
        Directory.Move(backup, Data);
    }

    /// <summary>Makes the one that follows go on by itself.</summary>
    public async Task PromoteAsync()
    {
        // A statement that waits would hold up what has to be replayed first, and be cancelled for it.
        await ExecuteAsync("select pg_promote(wait => false)");
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < Patience; await Task.Delay(20))
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select not pg_is_in_recovery()", connection);
            if (await command.ExecuteScalarAsync() is true) return;
        }
        throw new InvalidOperationException("The standby was not promoted.");
    }

    /// <summary>As an operator's supervisor would: again and again, until it answers.</summary>
    public async Task StartServerAsync()
    {
        for (var deadline = Stopwatch.StartNew(); deadline.Elapsed < Patience;)
        {
            // setpriv, runuser and su replace themselves: this is the postmaster's own process.
            string[] settings =
            [
                "listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB", "min_wal_size=32MB", "max_wal_size=64MB", "timezone=UTC", "log_min_messages=fatal", .. _settings,
            ];
            var command = ServerFiles.Command("postgres", ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
            _postmaster = Children.Start(command);
            while (!_postmaster.HasExited && deadline.Elapsed < Patience)
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

    public async Task KillAsync()
    {
        _postmaster!.Kill();
        await _postmaster.WaitForExitAsync();
    }

    /// <summary>The whole machine at once, so that no child of the server ends its work.</summary>
    public async Task KillWithChildrenAsync()
    {
        var listed = $"/proc/{_postmaster!.Id}/task/{_postmaster.Id}/children";
        // Where the system does not list them they notice by themselves, a moment later.
        var children = File.Exists(listed) ? (await File.ReadAllTextAsync(listed)).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        _postmaster.Kill();
        if (children.Length > 0) await RunAsync(new("kill", ["-9", .. children]));
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
        // A child of the killed server may still write for a moment.
        for (var attempt = 0; attempt < 40; attempt++)
        {
            try
            {
                await Task.Delay(50);
                if (_isMounted) await RunAsync(new("umount", ["-l", Folder]));
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException)
            {
                // Again; and in the end the system clears /tmp.
            }
        }
    }

    private static async Task<bool> RunAsync(ProcessStartInfo command)
    {
        (command.RedirectStandardError, command.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(command)!;
        await Task.WhenAll(process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
