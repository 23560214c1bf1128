using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Ledger.Api.Hosting.Draining;

/// <summary>The sockets the service listens on, so that they can be closed to newcomers before they are closed.</summary>
/// <remarks>
/// Closing a listening socket resets the connections that wait in its queue, whose clients believe they are connected and may have
/// sent a request. So newcomers are kept out first, by a filter on the socket that ignores packets that begin a connection, and what is
/// in the queue is still served. A client that is ignored sends its packet again a second later and is refused then: it never sent anything.
/// Linux only; elsewhere the queue is cut, as it always was.
/// </remarks>
internal sealed class Listeners
{
    private const int SocketLevel = 1, AttachFilter = 26, TcpLevel = 6, TcpInfo = 11;

    /// <summary>Of <c>struct tcp_info</c>: on a listening socket this member counts the connections nobody has accepted yet.</summary>
    private const int Unacknowledged = 24;

    // Classic BPF: flags of the TCP header; SYN without ACK is dropped, all else kept. Connections inherit the filter and never meet its case.
    private static readonly (ushort Code, byte True, byte False, uint Value)[] IgnoreNewcomers =
        [(0x30, 0, 0, 13), (0x54, 0, 0, 0x12), (0x15, 0, 1, 0x02), (0x06, 0, 0, 0), (0x06, 0, 0, uint.MaxValue)];

    private readonly ConcurrentBag<Socket> _sockets = [];

    /// <summary>Whether anybody could have connected.</summary>
    public bool Any => !_sockets.IsEmpty;

    public Socket Open(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (socket.ProtocolType == ProtocolType.Tcp) _sockets.Add(socket);
        return socket;
    }

    /// <summary>From here on nobody new gets in; whoever is connected already is still accepted.</summary>
    public void IgnoreNew()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) return;
        var code = new byte[IgnoreNewcomers.Length * 8];
        for (var index = 0; index < IgnoreNewcomers.Length; index++)
        {
            var instruction = IgnoreNewcomers[index];
            var at = code.AsSpan(index * 8);
            MemoryMarshal.Write(at, instruction.Code);
            (at[2], at[3]) = (instruction.True, instruction.False);
            MemoryMarshal.Write(at[4..], instruction.Value);
        }
        var pinned = GCHandle.Alloc(code, GCHandleType.Pinned);
        try
        {
            Span<byte> program = stackalloc byte[16];
            program.Clear();
            MemoryMarshal.Write(program, (ushort)IgnoreNewcomers.Length);
            MemoryMarshal.Write(program[8..], (long)pinned.AddrOfPinnedObject());
            foreach (var socket in _sockets) Try(socket, program);
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>Connections that are open for their clients and have not been accepted here. 0 where the system does not tell.</summary>
    public int Waiting()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        var waiting = 0;
        Span<byte> info = stackalloc byte[256];
        foreach (var socket in _sockets)
        {
            try
            {
                if (socket.GetRawSocketOption(TcpLevel, TcpInfo, info) >= Unacknowledged + 4) waiting += MemoryMarshal.Read<int>(info[Unacknowledged..]);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed already: nothing waits.
            }
        }
        return waiting;
    }

    // A system that forbids filters is one where the queue is cut.
    private static void Try(Socket socket, ReadOnlySpan<byte> program)
    {
        try
        {
            socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
        }
    }
}
