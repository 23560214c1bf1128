using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>
/// The events a flush makes leaves of, as COPY sends them: a leaf needs every column once and keeps none, and a reader of rows would spend
/// more on handing them over than hashing them takes.
/// </summary>
internal sealed class WaitingRows : IAsyncDisposable
{
    private const int HeaderLength = 19;

    private readonly NpgsqlRawCopyStream _rows;
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled, _used, _length;
    private bool _isBegun;

    private WaitingRows(NpgsqlRawCopyStream rows) => _rows = rows;

    /// <summary>The row that <see cref="ReadAsync"/> came to.</summary>
    public WaitingRow Current => new(_buffer.AsSpan(_used, _length));

    public static async Task<WaitingRows> OpenAsync(NpgsqlConnection connection, IReadOnlyList<TenantSlice> slices, CancellationToken cancellationToken) =>
        new(await connection.BeginRawBinaryCopyAsync(Query(slices), cancellationToken));

    /// <returns>False: there is none any more.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _used += _length;
        _length = 0;
        while (true)
        {
            if (!_isBegun && _filled >= HeaderLength) (_isBegun, _used) = (true, HeaderLength);
            if (_isBegun && WaitingRow.LengthOf(_buffer.AsSpan(_used, _filled - _used)) is { } length)
            {
                _length = length;
                if (length > WaitingRow.EndLength) return true;
                while (await _rows.ReadAsync(_buffer, cancellationToken) > 0) { }   // the acknowledgement
                return false;
            }
            if (_used > 0 && _used == _filled && _isBegun) (_used, _filled) = (0, 0);
            if (_filled == _buffer.Length) MakeRoom();
            var read = await _rows.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0) return false;
            _filled += read;
        }
    }

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    private void MakeRoom()
    {
        var from = _isBegun ? _used : 0;
        var wider = from > 0 ? _buffer : new byte[_buffer.Length * 2];
        Buffer.BlockCopy(_buffer, from, wider, 0, _filled - from);
        (_buffer, _filled, _used) = (wider, _filled - from, 0);
    }

    // COPY takes no parameters. Tenant by tenant in the order given, each in the order of position: a walk along both keys, row by row. A number whose
    // event is gone comes without one, so that nobody takes the next one for it.
    private static string Query(IReadOnlyList<TenantSlice> slices)
    {
        var values = new StringBuilder();
        for (var number = 0; number < slices.Count; number++)
        {
            var slice = slices[number];
            values.Append(CultureInfo.InvariantCulture, $"{(number == 0 ? "" : ", ")}({number}, {Literal(slice.TenantId)}::varchar, {slice.Size + 1}::bigint, {slice.Last}::bigint)");
        }
        return $"""
            copy (select s.number, p.position, e.id, e.stream_id, e.version, e.type, e."timestamp", e.correlation_id, e.causation_id, e.headers, e.data
                    from (values {values}) as s (number, tenant_id, first, last)
                   cross join lateral (select position, seq_id from ledger.event_positions where tenant_id = s.tenant_id and position >= s.first and position <= s.last order by position offset 0) p
                    left join lateral (select * from ledger.mt_events where seq_id = p.seq_id offset 0) e on true) to stdout (format binary)
            """;
    }

    // A backslash is one in the escaped form alone, whatever standard_conforming_strings says.
    private static string Literal(string text) =>
        $"{(text.Contains('\\', StringComparison.Ordinal) ? "E" : "")}'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}

/// <summary>One row of <see cref="WaitingRows"/>, as PostgreSQL's binary format has it.</summary>
internal readonly ref struct WaitingRow
{
    public const int EndLength = 2;
    private const int Columns = 11;
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly long _recordedAt;   // microseconds since the epoch

    public WaitingRow(ReadOnlySpan<byte> row)
    {
        var at = 2;
        Slice = BinaryPrimitives.ReadInt32BigEndian(Next(row, ref at, out _));
        Position = BinaryPrimitives.ReadInt64BigEndian(Next(row, ref at, out _));
        var id = Next(row, ref at, out var isThere);
        IsGone = !isThere;
        if (IsGone) return;
        EventId = new Guid(id, bigEndian: true);
        StreamId = Next(row, ref at, out var hasStream);
        HasStream = hasStream;
        Version = BinaryPrimitives.ReadInt64BigEndian(Next(row, ref at, out _));
        Type = Next(row, ref at, out _);
        _recordedAt = BinaryPrimitives.ReadInt64BigEndian(Next(row, ref at, out _));
        CorrelationId = Next(row, ref at, out var hasCorrelation);
        CausationId = Next(row, ref at, out var hasCausation);
        (HasCorrelation, HasCausation) = (hasCorrelation, hasCausation);
        var headers = Next(row, ref at, out var hasHeaders);
        if (hasHeaders) Headers = headers[1..];   // after the version of jsonb's binary form
        Body = Next(row, ref at, out _)[1..];
    }

    /// <summary>Index of the slice the event is of.</summary>
    public int Slice { get; }
    public long Position { get; }
    public bool IsGone { get; }
    public Guid EventId { get; }
    public bool HasStream { get; }
    public ReadOnlySpan<byte> StreamId { get; }
    public long Version { get; }
    public ReadOnlySpan<byte> Type { get; }
    public bool HasCorrelation { get; }
    public ReadOnlySpan<byte> CorrelationId { get; }
    public bool HasCausation { get; }
    public ReadOnlySpan<byte> CausationId { get; }
    public ReadOnlySpan<byte> Headers { get; }
    public ReadOnlySpan<byte> Body { get; }

    /// <exception cref="FormatException">Somebody put it at the end of time, or beyond.</exception>
    public DateTime RecordedAt()
    {
        var (earliest, latest) = ((DateTime.MinValue - Epoch).Ticks / TimeSpan.TicksPerMicrosecond, (DateTime.MaxValue - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
        return _recordedAt < earliest || _recordedAt > latest ? throw new FormatException("its recorded time has no text") : Epoch.AddTicks(_recordedAt * TimeSpan.TicksPerMicrosecond);
    }

    /// <returns>Null: the row is not whole yet; <see cref="EndLength"/>: there is none any more.</returns>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return null;
        if (BinaryPrimitives.ReadInt16BigEndian(bytes) < 0) return EndLength;
        var at = 2;
        for (var column = 0; column < Columns; column++)
        {
            if (bytes.Length < at + 4) return null;
            at += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
            if (bytes.Length < at) return null;
        }
        return at;
    }

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> row, scoped ref int at, out bool isThere)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(row[at..]);
        at += 4;
        isThere = length >= 0;
        if (!isThere) return default;
        at += length;
        return row.Slice(at - length, length);
    }
}
