using System.Text.Json;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

/// <summary>A file with one record of the native API per line. Lines are checked for being a JSON object and sent as they are.</summary>
internal sealed class NdjsonSource(string path) : IRecordSource
{
    /// <summary>The service's limit for a request is the limit for a line.</summary>
    private const int LongestLine = 32 * 1024 * 1024;

    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        using var file = SourceFile.Open(path);
        var number = 0L;
        foreach (var line in Lines(file))
        {
            number++;
            var record = number == 1 && line.Span.StartsWith("\uFEFF"u8) ? line["\uFEFF"u8.Length..] : line;
            if (record.Span.Trim(" \t\r"u8).IsEmpty) continue;
            if (Fault(record.Span) is { } fault) throw CommandFailure.BadInput($"{Printable.Line(path)}, line {number}: {fault}.");
            yield return record;
        }
    }

    private static string? Fault(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "not a JSON object";
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String) _ = reader.GetString();
            }

            return null;
        }
        catch (JsonException)
        {
            return "not valid JSON";
        }
        catch (InvalidOperationException)
        {
            return "not valid UTF-8 text";
        }
    }

    /// <summary>Each memory is the caller's only until the next line is asked for.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Lines(FileStream file)
    {
        var buffer = new byte[128 * 1024];
        int start = 0, searched = 0, filled = 0;
        while (true)
        {
            var end = buffer.AsSpan(searched, filled - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                yield return buffer.AsMemory(start, searched + end - start);
                start = searched = searched + end + 1;
                continue;
            }

            // Only the beginning of a line is left: it moves to the front, and the buffer grows when it fills it all.
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            start = 0;
            searched = filled;
            if (filled > LongestLine) throw CommandFailure.BadInput($"{Printable.Line(path)} has a line longer than {LongestLine / 1024 / 1024} MiB.");
            if (filled == buffer.Length) Array.Resize(ref buffer, filled * 2);
            var read = file.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                if (filled > 0) yield return buffer.AsMemory(0, filled);
                yield break;
            }

            filled += read;
        }
    }
}
