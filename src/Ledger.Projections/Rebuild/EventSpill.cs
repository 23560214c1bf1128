using System.Buffers.Binary;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Every event, read once in the order of insertion, which is the order of each stream's versions, and spread over files by the record it
/// speaks of: a record's own stream and all its items are in one file, which is small enough to be folded in memory. Reading in the order of
/// streams instead would sort the whole ledger, or visit its pages at random.
/// </summary>
internal sealed class EventSpill : IDisposable
{
    /// <summary>Events of one file: some 3 MB of JSON, and several times that in states. In larger files more of the states grow old before they die, and wait for a full collection.</summary>
    private const long EventsPerFile = 10_000;
    private const int MostFiles = 512;

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-rebuild-").FullName;
    private readonly FileStream[] _files;

    /// <param name="events">About how many there will be.</param>
    public EventSpill(long events)
    {
        _files = new FileStream[(int)Math.Clamp(events / EventsPerFile, 1, MostFiles)];
        for (var index = 0; index < _files.Length; index++)
            _files[index] = new FileStream(Path.Combine(_folder, $"{index}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 16 * 1024, FileOptions.DeleteOnClose);
    }

    public int Files => _files.Length;

    /// <param name="events">An SQL query of tenant_id, stream_id, type, timestamp, data in the order of seq_id.</param>
    /// <returns>How many events were read.</returns>
    public async Task<long> ReadAsync(NpgsqlConnection connection, string events, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy ({events}) to stdout (format binary)", cancellationToken);
        var (buffer, filled, used, count) = (new byte[256 * 1024], 0, 0, 0L);
        var header = true;
        while (true)
        {
            if (used == 0 && filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await rows.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0) break;
            filled += read;
            if (header && filled >= 19) (header, used) = (false, 19);
            while (!header && RowLength(buffer.AsSpan(used, filled - used)) is { } length)
            {
                used += length;
                if (length == 2) break;   // the end; what remains to be read is its acknowledgement
                Spill(buffer.AsSpan(used - length + 2, length - 2));
                if (++count % 10_000 == 0) progress?.Report(count);
            }
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            (filled, used) = (filled - used, 0);
        }
        return count;
    }

    public int Length(int index) => checked((int)_files[index].Length);

    /// <summary>The rows of one file; its columns are told apart by <see cref="SpilledEvent"/>.</summary>
    /// <param name="bytes">Of its <see cref="Length"/>.</param>
    public async Task FileAsync(int index, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        await using var file = _files[index];
        await file.FlushAsync(cancellationToken);
        file.Position = 0;
        await file.ReadExactlyAsync(bytes, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Spill(ReadOnlySpan<byte> row)
    {
        var @event = SpilledEvent.At(row, 0, out _);
        _files[(int)(@event.Hash() % (uint)_files.Length)].Write(row);
    }

    /// <returns>Null: the row is not whole yet; 2: there is none any more.</returns>
    private static int? RowLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2) return null;
        if (BinaryPrimitives.ReadInt16BigEndian(bytes) < 0) return 2;
        var at = 2;
        for (var column = 0; column < SpilledEvent.Columns; column++)
        {
            if (bytes.Length < at + 4) return null;
            at += 4 + BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (bytes.Length < at) return null;
        }
        return at;
    }
}

/// <summary>One event as COPY gave it: tenant, stream, type, recorded time, body.</summary>
internal readonly ref struct SpilledEvent(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> time, ReadOnlySpan<byte> data)
{
    public const int Columns = 5;

    public ReadOnlySpan<byte> Tenant { get; } = tenant;
    public ReadOnlySpan<byte> Stream { get; } = stream;
    public ReadOnlySpan<byte> Type { get; } = type;
    public ReadOnlySpan<byte> Data { get; } = data[1..];   // after the version of jsonb's binary form
    public DateTimeOffset RecordedAt { get; } = CopyRows.TimeOf(time);

    public static SpilledEvent At(ReadOnlySpan<byte> rows, int start, scoped out int next)
    {
        next = start;
        var tenant = Column(rows, ref next);
        var stream = Column(rows, ref next);
        var type = Column(rows, ref next);
        var time = Column(rows, ref next);
        return new(tenant, stream, type, time, Column(rows, ref next));
    }

    /// <summary>Of the tenant and the record: the same for a record's stream and those of its items.</summary>
    public uint Hash()
    {
        var name = Stream[(Stream.IndexOf((byte)'/') + 1)..];
        if (Stream.StartsWith("item/"u8)) name = name[(name.IndexOf((byte)'/') + 1)..];
        var hash = 2_166_136_261u;   // FNV-1a: the same in every run, which a failure to be repeated needs
        foreach (var letter in Tenant) hash = (hash ^ letter) * 16_777_619;
        foreach (var letter in name) hash = (hash ^ letter) * 16_777_619;
        return hash ^ (hash >> 15);
    }

    private static ReadOnlySpan<byte> Column(ReadOnlySpan<byte> rows, scoped ref int at)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rows[at..]);
        at += 4 + length;
        return rows.Slice(at - length, length);
    }
}
