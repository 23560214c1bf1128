using System.Numerics;
using System.Text.Json;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>The subtrees that stand for what a bundle does not show, from <c>proof.ndjson</c>.</summary>
internal sealed class SubtreeLines(LineReader lines)
{
    public TreeNode Node { get; private set; }

    public Digest Hash { get; private set; }

    /// <summary>The first position below the subtree read last.</summary>
    public long First => Node.First + 1;

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="FoundException"/>
    public bool Read(long expected)
    {
        if (!lines.Read()) return false;
        if (lines.IsCut) throw Unreadable(expected, "the file is cut short in the middle of a line");
        long? first = null, count = null;
        Digest? hash = null;
        try
        {
            var reader = new Utf8JsonReader(lines.Line.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Unreadable(expected, "a line is no subtree");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isFirst = first is null && reader.ValueTextEquals("first"u8);
                var isCount = count is null && reader.ValueTextEquals("count"u8);
                var isHash = hash is null && reader.ValueTextEquals("hash"u8);
                reader.Read();
                if (isFirst && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)) first = number;
                else if (isCount && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out number)) count = number;
                else if (isHash && reader.TokenType == JsonTokenType.String && Digest.TryParseHex(reader.ValueSpan, out var digest)) hash = digest;
                else throw Unreadable(expected, "a line is no subtree: it has first, count and hash, once each");
            }
            reader.Read();
        }
        catch (JsonException fault)
        {
            throw Unreadable(expected, fault.Message);
        }
        if (first is not > 0 || count is not > 0 || hash is null) throw Unreadable(expected, "a line is no subtree: it has first, count and hash, once each");
        if (!BitOperations.IsPow2(count.Value) || (first.Value - 1) % count.Value != 0 || count.Value > 1L << 61) throw Unreadable(expected, $"no subtree of {count} leaves begins at position {first}");
        Node = new(BitOperations.Log2((ulong)count.Value), (first.Value - 1) / count.Value);
        Hash = hash.Value;
        return true;
    }

    private static FoundException Unreadable(long expected, string what) => new(Fault.Unreadable, expected, $"proof.ndjson: {what}");
}
