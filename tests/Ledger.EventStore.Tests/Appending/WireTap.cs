using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.EventStore.Tests.Appending;

/// <summary>
/// Sits between a client and PostgreSQL and counts what the client says. A client waits for an answer after every Sync ('S')
/// or simple Query ('Q'): their number is the number of round trips. Execute ('E') messages are the statements.
/// </summary>
internal sealed class WireTap : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private int _roundTrips;
    private int _statements;

    public WireTap(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int RoundTrips => Volatile.Read(ref _roundTrips);

    public int Statements => Volatile.Read(ref _statements);

    // Encryption would hide the messages.
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        MaxPoolSize = 1,
    }.ConnectionString;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient { NoDelay = true };
            await server.ConnectAsync(_server.Host!, _server.Port);
            client.NoDelay = true;
            _ = server.GetStream().CopyToAsync(client.GetStream());
            _ = ListenAsync(client.GetStream(), server.GetStream());
        }
    }

    private async Task ListenAsync(NetworkStream client, NetworkStream server)
    {
        var header = new byte[5];
        await RelayAsync(header.AsMemory(1, 4));   // the start-up message has a length and no type
        await RelayBodyAsync();
        while (true)
        {
            await RelayAsync(header);
            if (header[0] is (byte)'S' or (byte)'Q') Interlocked.Increment(ref _roundTrips);
            if (header[0] is (byte)'E') Interlocked.Increment(ref _statements);
            await RelayBodyAsync();
        }

        async Task RelayBodyAsync() => await RelayAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4]);

        async Task RelayAsync(Memory<byte> bytes)
        {
            await client.ReadExactlyAsync(bytes);
            await server.WriteAsync(bytes);
        }
    }
}
