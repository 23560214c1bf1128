using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Bench.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection, one request at a time. It shares two cores with the service it measures, so it does what a client
/// has to do and nothing else: HttpClient costs about as much processor time per small request as the service does.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    /// <summary>The service hangs up after 130 s of silence, and filling a ledger takes longer.</summary>
    private const long LongestPauseMs = 60_000;

    private readonly int _port;
    private readonly string _headers;
    private Socket _socket = Closed();
    private long _lastUsed;
    private byte[] _out = new byte[32 * 1024];
    private byte[] _in = new byte[64 * 1024];
    private int _filled;

    private HttpConnection(int port, string headers) => (_port, _headers) = (port, headers);

    public static async Task<HttpConnection> OpenAsync(int port, string apiKey)
    {
        var connection = new HttpConnection(port, $"Host: 127.0.0.1:{port}\r\nAuthorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(apiKey + ":"))}\r\n");
        await connection.ConnectAsync();
        return connection;
    }

    private static Socket Closed() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private async Task ConnectAsync()
    {
        _socket.Dispose();
        _socket = Closed();
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port));
        _lastUsed = Environment.TickCount64;
    }

    /// <returns>The answer's body, valid until the next request.</returns>
    /// <exception cref="InvalidOperationException">The answer is not 2xx.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(string method, string path, ReadOnlyMemory<byte> body = default, string contentType = "application/json")
    {
        var head = body.Length == 0 && method == "GET"
            ? $"{method} {path} HTTP/1.1\r\n{_headers}\r\n"
            : $"{method} {path} HTTP/1.1\r\n{_headers}Content-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n";
        if (_out.Length < head.Length + body.Length) _out = new byte[(head.Length + body.Length) * 2];
        var length = Encoding.ASCII.GetBytes(head, _out);
        body.CopyTo(_out.AsMemory(length));
        length += body.Length;
        if (Environment.TickCount64 - _lastUsed > LongestPauseMs) await ConnectAsync();
        _lastUsed = Environment.TickCount64;
        for (var sent = 0; sent < length;) sent += await _socket.SendAsync(_out.AsMemory(sent, length - sent));
        return await ReceiveAsync(method, path);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(string method, string path)
    {
        int end;
        _filled = 0;
        while ((end = _in.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0) await FillAsync();
        var start = end + 4;
        var (status, length) = Head(_in.AsSpan(0, start));
        if (length is { } known)
        {
            while (_filled < start + known) await FillAsync();
            return Checked(status, _in.AsMemory(start, known), method, path);
        }
        var together = await ChunksAsync(start);
        return Checked(status, _in.AsMemory(start, together), method, path);
    }

    // Chunks are moved together where they stand.
    private async ValueTask<int> ChunksAsync(int start)
    {
        for (int read = start, written = start; ;)
        {
            int line;
            while ((line = _in.AsSpan(read, _filled - read).IndexOf("\r\n"u8)) < 0) await FillAsync();
            if (!Utf8Parser.TryParse(_in.AsSpan(read, line), out int size, out _, 'x')) throw new InvalidOperationException("No chunk size.");
            read += line + 2;
            while (_filled < read + size + 2) await FillAsync();
            if (size == 0) return written - start;
            _in.AsSpan(read, size).CopyTo(_in.AsSpan(written));
            (read, written) = (read + size + 2, written + size);
        }
    }

    private static (int Status, int? Length) Head(ReadOnlySpan<byte> head)
    {
        if (!Utf8Parser.TryParse(head[9..12], out int status, out _)) throw new InvalidOperationException("No status line.");
        var text = Encoding.ASCII.GetString(head);
        var at = text.IndexOf("\r\nContent-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at >= 0 && Utf8Parser.TryParse(head[(at + 18)..], out int length, out _)) return (status, length);
        return (status, status is 204 or 304 ? 0 : null);
    }

    private static ReadOnlyMemory<byte> Checked(int status, ReadOnlyMemory<byte> body, string method, string path) => status is >= 200 and < 300
        ? body
        : throw new InvalidOperationException($"{method} {path}: {status} {Encoding.UTF8.GetString(body.Span[..Math.Min(500, body.Length)])}");

    private async ValueTask FillAsync()
    {
        if (_filled == _in.Length) Array.Resize(ref _in, _in.Length * 2);
        var read = await _socket.ReceiveAsync(_in.AsMemory(_filled));
        _filled += read > 0 ? read : throw new InvalidOperationException("The service closed the connection.");
    }

    public void Dispose() => _socket.Dispose();
}
