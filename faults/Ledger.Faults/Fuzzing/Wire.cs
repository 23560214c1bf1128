using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Faults.Fuzzing;

/// <summary>What came back.</summary>
/// <param name="Status">0: the connection ended, and there was no answer.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static Answer None { get; } = new(0, new Dictionary<string, string>(), []);

    public string Text => Encoding.UTF8.GetString(Body);

    public string MediaType => Headers.GetValueOrDefault("content-type", "").Split(';')[0].Trim();
}

/// <summary>One connection of HTTP/1.1, spoken by hand: a client library would refuse to send half of what is sent here, and would hide a connection that was dropped.</summary>
internal sealed class Wire(Uri service) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly byte[] _buffer = new byte[1 << 16];
    private TcpClient? _client;
    private NetworkStream? _stream;
    private int _start, _end;

    /// <param name="request">Head and body as they are to be sent.</param>
    public async Task<Answer> SendAsync(ReadOnlyMemory<byte> request, bool isHead = false)
    {
        // A connection the server has ended between two requests says nothing about either.
        var isFresh = _client is null;
        var answer = await TryAsync(request, isHead);
        return answer.Status == 0 && !isFresh ? await TryAsync(request, isHead) : answer;
    }

    public void Dispose() => _client?.Dispose();

    private async Task<Answer> TryAsync(ReadOnlyMemory<byte> request, bool isHead)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (_client is null)
            {
                _client = new TcpClient { NoDelay = true };
                (_start, _end) = (0, 0);
                await _client.ConnectAsync(IPAddress.Loopback, service.Port, patience.Token);
                _stream = _client.GetStream();
            }
            // Both at once: a request that is too large is answered before it is sent.
            var sending = _stream!.WriteAsync(request, patience.Token).AsTask();
            var answer = await ReadAsync(isHead, patience.Token);
            var isWhole = sending.IsCompletedSuccessfully;
            if (!isWhole || answer.Status == 0 || answer.Headers.GetValueOrDefault("connection", "").Contains("close", StringComparison.OrdinalIgnoreCase)) await CloseAsync(sending);
            return answer;
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            Close();
            return Answer.None;
        }
    }

    private async Task CloseAsync(Task sending)
    {
        Close();
        await sending.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
    }

    private void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    private async Task<Answer> ReadAsync(bool isHead, CancellationToken cancelled)
    {
        int status;
        Dictionary<string, string> headers;
        do
        {
            if (await LineAsync(cancelled) is not { } first) return Answer.None;
            status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
            headers = new(StringComparer.OrdinalIgnoreCase);
            while (await LineAsync(cancelled) is { Length: > 0 } line)
                headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        while (status == 100);
        if (isHead || status is 204 or 304) return new(status, headers, []);
        if (headers.TryGetValue("content-length", out var length)) return new(status, headers, await BytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancelled));
        using var body = new MemoryStream();
        if (headers.GetValueOrDefault("transfer-encoding") == "chunked")
        {
            while (await LineAsync(cancelled) is { } size && int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var chunk)
            {
                body.Write(await BytesAsync(chunk, cancelled));
                await LineAsync(cancelled);
            }
            await LineAsync(cancelled);
        }
        return new(status, headers, body.ToArray());
    }

    private async Task<string?> LineAsync(CancellationToken cancelled)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, at).TrimEnd('\r');
                _start += at + 1;
                return line;
            }
            if (!await FillAsync(cancelled)) return null;
        }
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancelled)
    {
        var bytes = new byte[count];
        var filled = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, filled).CopyTo(bytes);
        _start += filled;
        await _stream!.ReadExactlyAsync(bytes.AsMemory(filled), cancelled);
        return bytes;
    }

    private async Task<bool> FillAsync(CancellationToken cancelled)
    {
        if (_start > 0) _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length) throw new IOException("A line of the answer is longer than 64 KiB.");
        var read = await _stream!.ReadAsync(_buffer.AsMemory(_end), cancelled);
        _end += read;
        return read > 0;
    }
}
