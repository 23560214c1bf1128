using System.Net;
using System.Net.Sockets;

namespace Ledger.Faults.Machines;

/// <summary>Where in an append something happens, as seen on the wire between the service and PostgreSQL.</summary>
internal enum Moment
{
    /// <summary>The append has left the service and has not reached PostgreSQL.</summary>
    BeforeTransaction,

    /// <summary>Half of its bytes have reached PostgreSQL.</summary>
    HalfSent,

    /// <summary>All its statements have, but not the Sync message that makes PostgreSQL commit them.</summary>
    BeforeCommit,

    /// <summary>It is committed, and the service has not been told.</summary>
    AfterCommit,
}

/// <summary>A TCP proxy in front of PostgreSQL that recognises appends by what they carry, so that the service needs no hook for being killed in the middle of one.</summary>
internal sealed class FaultProxy : IDisposable
{
    // Every event carries the name of its .NET type; nothing else the service sends does.
    private static readonly byte[] Mark = "Ledger.Domain."u8.ToArray();
    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];
    private static readonly byte[] Sync = [(byte)'S', 0, 0, 0, 4];

    private readonly TcpListener _listener = new(IPAddress.Loopback, Loopback.FreePort());
    private Func<Task>? _strike;
    private Moment _moment;
    private volatile TaskCompletionSource? _thawed;

    public FaultProxy(int target)
    {
        Target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where new connections go.</summary>
    public int Target { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>At the next append, once, at this moment of it. The connection is reset afterwards.</summary>
    public void Arm(Moment moment, Func<Task> strike)
    {
        _moment = moment;
        Volatile.Write(ref _strike, strike);
    }

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public void Freeze() => _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw()
    {
        _thawed?.SetResult();
        _thawed = null;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient service)
    {
        using var _ = service;
        using var database = new TcpClient { NoDelay = true };
        service.NoDelay = true;
        try
        {
            await database.ConnectAsync(IPAddress.Loopback, Target);
            await Task.WhenAny(ForwardAsync(service, database), ReturnAsync(database, service));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One side has gone: so does the other.
        }
        // A reset, not an orderly end.
        foreach (var client in new[] { service, database })
            if (client.Client is { } socket) socket.LingerState = new(true, 0);
    }

    private async Task ForwardAsync(TcpClient from, TcpClient to)
    {
        var (source, target) = (from.GetStream(), to.GetStream());
        var buffer = new byte[1 << 20];
        var filled = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer.AsMemory(filled));
            if (read == 0) return;
            filled += read;
            if (_thawed is { } thawed) await thawed.Task;
            // An append is looked at whole; whatever else arrives goes on at once.
            var isAppend = buffer.AsSpan(0, filled).IndexOf(Mark) >= 0;
            if (isAppend && !buffer.AsSpan(0, filled).EndsWith(Sync) && filled < buffer.Length) continue;
            if (isAppend && Interlocked.Exchange(ref _strike, null) is { } strike)
            {
                var through = _moment switch { Moment.BeforeTransaction => 0, Moment.HalfSent => filled / 2, Moment.BeforeCommit => filled - Sync.Length, _ => filled };
                // What PostgreSQL answers after the commit is read from it and kept from the service.
                if (_moment == Moment.AfterCommit) HeldBack = from;
                await target.WriteAsync(buffer.AsMemory(0, through));
                await target.FlushAsync();
                if (_moment == Moment.AfterCommit) await Committed.Task;
                // Time for PostgreSQL to work on what it has.
                else if (through > 0) await Task.Delay(20);
                await strike();
                return;
            }
            await target.WriteAsync(buffer.AsMemory(0, filled));
            filled = 0;
        }
    }

    private TcpClient? HeldBack { get; set => (field, Committed) = (value, new(TaskCreationOptions.RunContinuationsAsynchronously)); }

    private TaskCompletionSource Committed { get; set; } = new();

    private async Task ReturnAsync(TcpClient from, TcpClient to)
    {
        var (source, target) = (from.GetStream(), to.GetStream());
        var buffer = new byte[1 << 16];
        byte[] end = [];
        while (true)
        {
            var read = await source.ReadAsync(buffer);
            if (read == 0) return;
            if (_thawed is { } thawed) await thawed.Task;
            // ReadyForQuery ends the answer: the transaction is over. It may come in two pieces.
            byte[] last = [.. end, .. buffer.AsSpan(Math.Max(0, read - ReadyForQuery.Length), Math.Min(read, ReadyForQuery.Length))];
            end = last[Math.Max(0, last.Length - ReadyForQuery.Length)..];
            if (ReferenceEquals(HeldBack, to))
            {
                if (end.AsSpan().SequenceEqual(ReadyForQuery)) Committed.TrySetResult();
                continue;
            }
            await target.WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
