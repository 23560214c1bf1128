using System.Buffers.Binary;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Every event, read once in the order of insertion, which is the order of each stream's versions, and spread over files by the record it
/// speaks of: a record's own stream and all its items are in one file, which is small enough to be folded in memory. Reading in the order of
/// streams instead would sort the whole ledger, or visit its pages at random. Rows of read models that speak of a record go to the same file, after
/// the events: they are compared where they are folded.
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
        // Where open files can do without a name, a rebuild that is killed leaves nothing behind.
        if (!OperatingSystem.IsWindows()) Directory.Delete(_folder, recursive: true);
    }

    public string Folder => _folder;
    public int Files => _files.Length;

    /// <param name="events">An SQL query of tenant_id, stream_id, type, timestamp, data in the order of seq_id.</param>
    /// <returns>How many events were read.</returns>
    public Task<long> ReadAsync(NpgsqlConnection connection, string events, IProgress<long>? progress, CancellationToken cancellationToken) =>
        CopyRowReader.ReadAsync(connection, events, row => Spill(SpilledRow.Event, row, SpilledEvent.At(row).Hash()), progress, cancellationToken);

    /// <summary>The rows of a read model as it is kept.</summary>
    /// <returns>How many rows were read.</returns>
    public Task<long> ReadAsync(NpgsqlConnection connection, ComparedRows kept, CancellationToken cancellationToken) =>
        CopyRowReader.ReadAsync(connection, $"select {kept.Columns} from ledger.{kept.Name}", row => Spill(kept.Tag, row, kept.HashOf(row)), null, cancellationToken);

    public int Length(int index) => checked((int)_files[index].Length);

    /// <summary>The rows of one file; see <see cref="SpilledRow"/>.</summary>
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
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private void Spill(byte tag, ReadOnlySpan<byte> row, uint hash)
    {
        var file = _files[(int)(hash % (uint)_files.Length)];
        Span<byte> head = stackalloc byte[SpilledRow.HeadLength];
        head[0] = tag;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], row.Length);
        file.Write(head);
        file.Write(row);
    }
}

/// <summary>A row in a file: what it is of (0: an event, else the <see cref="ComparedRows.Tag"/> of a read model), its length, the row as COPY gave it.</summary>
internal static class SpilledRow
{
    public const byte Event = 0;
    public const int HeadLength = 1 + sizeof(int);

    /// <returns>Its tag.</returns>
    public static byte At(ReadOnlySpan<byte> file, scoped ref int at, out Range row)
    {
        var tag = file[at];
        var start = at + HeadLength;
        at = start + BinaryPrimitives.ReadInt32BigEndian(file[(at + 1)..]);
        row = start..at;
        return tag;
    }

    /// <summary>Of the tenant and the record.</summary>
    public static uint Hash(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> name)
    {
        var hash = 2_166_136_261u;   // FNV-1a: the same in every run, which a failure to be repeated needs
        foreach (var letter in tenant) hash = (hash ^ letter) * 16_777_619;
        foreach (var letter in name) hash = (hash ^ letter) * 16_777_619;
        return hash ^ (hash >> 15);
    }
}

/// <summary>One event as COPY gave it: tenant, stream, type, recorded time, body.</summary>
internal readonly ref struct SpilledEvent(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> time, ReadOnlySpan<byte> data)
{
    public ReadOnlySpan<byte> Tenant { get; } = tenant;
    public ReadOnlySpan<byte> Stream { get; } = stream;
    public ReadOnlySpan<byte> Type { get; } = type;
    public ReadOnlySpan<byte> Data { get; } = data[1..];   // after the version of jsonb's binary form
    public DateTimeOffset RecordedAt => CopyRows.TimeOf(Time);

    private ReadOnlySpan<byte> Time { get; } = time;

    public static SpilledEvent At(ReadOnlySpan<byte> row)
    {
        var at = sizeof(short);
        var tenant = CopyRowReader.Column(row, ref at);
        var stream = CopyRowReader.Column(row, ref at);
        var type = CopyRowReader.Column(row, ref at);
        var time = CopyRowReader.Column(row, ref at);
        return new(tenant, stream, type, time, CopyRowReader.Column(row, ref at));
    }

    public bool IsOfItem => Stream.StartsWith("item/"u8);
    public bool IsOfRecord => Stream.StartsWith("record/"u8);

    /// <summary>The stream's name without its kind; of an item's without its system, so that it is the record's.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var name = Stream[(Stream.IndexOf((byte)'/') + 1)..];
            return IsOfItem ? name[(name.IndexOf((byte)'/') + 1)..] : name;
        }
    }

    /// <summary>The same for a record's stream and those of its items.</summary>
    public uint Hash() => SpilledRow.Hash(Tenant, Name);
}
