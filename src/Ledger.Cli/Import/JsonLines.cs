using System.Text.Json;

namespace Ledger.Cli.Import;

internal static class JsonLines
{
    /// <exception cref="JsonException">A line is not JSON.</exception>
    public static IEnumerable<JsonElement> Of(ReadOnlyMemory<byte> body)
    {
        while (body.Length > 0)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
