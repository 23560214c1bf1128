using System.Buffers.Binary;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>Rows in COPY's binary form, as PostgreSQL sends them: whole, and looked at where they lie.</summary>
internal static class CopyRowReader
{
    /// <param name="row">The number of columns, then each: its length (-1: null), its bytes.</param>
    public delegate void Take(ReadOnlySpan<byte> row);

    private const int HeaderLength = 19;

    /// <returns>How many rows there were.</returns>
    public static async Task<long> ReadAsync(NpgsqlConnection connection, string query, Take take, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", cancellationToken);
        var (buffer, filled, used, count) = (new byte[256 * 1024], 0, 0, 0L);
        var header = true;
        while (true)
        {
            if (used == 0 && filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await rows.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0) break;
            filled += read;
            if (header && filled >= HeaderLength) (header, used) = (false, HeaderLength);
            while (!header && RowLength(buffer.AsSpan(used, filled - used)) is { } length)
            {
                used += length;
                if (length == sizeof(short)) break;   // the end; what remains to be read is its acknowledgement
                take(buffer.AsSpan(used - length, length));
                if (++count % 10_000 == 0) progress?.Report(count);
            }
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            (filled, used) = (filled - used, 0);
        }
        return count;
    }

    /// <summary>The column that begins at a place, which then is that of the next one. Null is empty.</summary>
    public static ReadOnlySpan<byte> Column(ReadOnlySpan<byte> row, scoped ref int at)
    {
        var length = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(row[at..]));
        at += sizeof(int) + length;
        return row.Slice(at - length, length);
    }

    /// <returns>Null: the row is not whole yet; 2: there is none any more.</returns>
    private static int? RowLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(short)) return null;
        var columns = BinaryPrimitives.ReadInt16BigEndian(bytes);
        var at = sizeof(short);
        for (var column = 0; column < columns; column++)
        {
            if (bytes.Length < at + sizeof(int)) return null;
            at += sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
            if (bytes.Length < at) return null;
        }
        return at;
    }
}
