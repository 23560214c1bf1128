using System.Text;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>Base32 of RFC 4648 §6, with padding: the alphabet this contract's cursors are made of.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length + 4) / 5 * 8);
        for (var start = 0; start < bytes.Length; start += 5)
        {
            var group = bytes[start..Math.Min(start + 5, bytes.Length)];
            ulong bits = 0;
            for (var index = 0; index < 5; index++) bits = (bits << 8) | (index < group.Length ? group[index] : 0u);
            var characters = ((group.Length * 8) + 4) / 5;
            for (var index = 0; index < 8; index++) text.Append(index < characters ? Alphabet[(int)(bits >> (35 - (index * 5)) & 31)] : '=');
        }
        return text.ToString();
    }

    /// <summary>Accepts only what <see cref="Encode"/> writes: no other padding, no unused bits set.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 8 != 0) return false;
        var digits = text.TrimEnd('=');
        var decoded = new byte[digits.Length * 5 / 8];
        var (bits, held, next) = (0u, 0, 0);
        foreach (var character in digits)
        {
            var value = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (value < 0) return false;
            (bits, held) = ((bits << 5) | (uint)value, held + 5);
            if (held < 8) continue;
            held -= 8;
            decoded[next++] = (byte)(bits >> held);
            bits &= (1u << held) - 1;
        }
        if (!text.SequenceEqual(Encode(decoded))) return false;
        bytes = decoded;
        return true;
    }
}
