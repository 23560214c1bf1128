using System.Buffers.Text;
using System.Text;

namespace Ledger.Bench.Load;

/// <summary>A request's body, built without allocating: one per connection, used again for each request.</summary>
internal sealed class RequestBody
{
    private byte[] _bytes = new byte[16 * 1024];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public RequestBody Clear()
    {
        _length = 0;
        return this;
    }

    public RequestBody Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _length += text.Length;
        return this;
    }

    public RequestBody Add(string text)
    {
        _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    public RequestBody Add(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        _length += written;
        return this;
    }

    public RequestBody Add(Guid id)
    {
        Utf8Formatter.TryFormat(id, Room(36), out var written);
        _length += written;
        return this;
    }

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        return _bytes.AsSpan(_length);
    }
}
