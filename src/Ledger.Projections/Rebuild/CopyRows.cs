using System.Buffers.Binary;
using System.Text;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Rows in COPY's binary form, put together in memory: one buffer per table, sent whole. Npgsql's own importer awaits once per
/// column, which costs more than folding the event the column came from.
/// </summary>
internal sealed class CopyRows
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private byte[] _bytes = new byte[256 * 1024];
    private readonly List<int> _starts = [];
    private int _length;

    public CopyRows() => Reset();

    public int Count => _starts.Count;
    public bool IsEmpty => Count == 0;

    /// <summary>Everything COPY wants to read, its end included. Start anew afterwards.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(2), -1);
        return _bytes.AsMemory(0, _length);
    }

    public void Reset()
    {
        _length = 0;
        _starts.Clear();
        "PGCOPY"u8.CopyTo(Room(6));
        ReadOnlySpan<byte> rest = [(byte)'\n', 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
        rest.CopyTo(Room(rest.Length));
    }

    public void Start(short columns)
    {
        _starts.Add(_length);
        BinaryPrimitives.WriteInt16BigEndian(Room(2), columns);
    }

    /// <summary>A whole row, as COPY gave it.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        _starts.Add(_length);
        row.CopyTo(Room(row.Length));
    }

    /// <summary>Takes out the rows that are kept, the same in every byte.</summary>
    public void Remove(byte tag, KeptRows kept)
    {
        if (IsEmpty) return;
        var (left, to) = (0, _starts[0]);
        for (var index = 0; index < _starts.Count; index++)
        {
            var (from, end) = (_starts[index], index + 1 < _starts.Count ? _starts[index + 1] : _length);
            if (kept.Take(tag, _bytes.AsSpan(from..end))) continue;
            _bytes.AsSpan(from..end).CopyTo(_bytes.AsSpan(to));
            _starts[left++] = to;
            to += end - from;
        }
        _starts.RemoveRange(left, _starts.Count - left);
        _length = to;
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Null();
            return;
        }
        var bytes = Strict.GetByteCount(value);
        Length(bytes);
        Strict.GetBytes(value, Room(bytes));
    }

    public void Long(long? value)
    {
        if (value is not { } number)
        {
            Null();
            return;
        }
        Length(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);
    }

    public void Int(int value)
    {
        Length(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);
    }

    public void Boolean(bool value)
    {
        Length(1);
        Room(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Guid(Guid? value)
    {
        if (value is not { } id)
        {
            Null();
            return;
        }
        Length(16);
        id.TryWriteBytes(Room(16), bigEndian: true, out _);
    }

    public void Time(DateTimeOffset? value) => Long(value is { } time ? Microseconds(time.UtcTicks) : null);

    public void Json(ReadOnlySpan<byte> value)
    {
        Length(1 + value.Length);
        Room(1)[0] = 1;   // the version of jsonb's binary form
        value.CopyTo(Room(value.Length));
    }

    /// <summary>The other way: a time as COPY gives it.</summary>
    public static DateTimeOffset TimeOf(ReadOnlySpan<byte> column) => new(Epoch + (BinaryPrimitives.ReadInt64BigEndian(column) * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    // As Npgsql writes it, which the inline read models do: cut off after microseconds, and the ends of time are infinity.
    private static long Microseconds(long ticks) =>
        ticks == DateTime.MaxValue.Ticks ? long.MaxValue : ticks == DateTime.MinValue.Ticks ? long.MinValue : (ticks - Epoch) / TimeSpan.TicksPerMicrosecond;

    private void Null() => Length(-1);

    private void Length(int bytes) => BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), bytes);

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
