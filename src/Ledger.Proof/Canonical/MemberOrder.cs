namespace Ledger.Proof.Canonical;

/// <summary>The order of member names in RFC 8785 §3.2.3: by UTF-16 code units of the plain names, decided on UTF-8 as it stands in the canonical text.</summary>
internal static class MemberOrder
{
    /// <param name="one">A name as canonical JSON writes it, without quotes.</param>
    public static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Contains((byte)'\\') || other.Contains((byte)'\\')) return ComparePlain(Plain(one), Plain(other));
        return ComparePlain(one, other);
    }

    private static int ComparePlain(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var same = one.CommonPrefixLength(other);
        if (same == one.Length || same == other.Length) return one.Length - other.Length;
        return Rank(one[same]) - Rank(other[same]);
    }

    // UTF-8 sorts by code point. UTF-16 does the same but for one swap: U+E000..U+FFFF (lead bytes EE, EF) come after all
    // that needs surrogates (lead bytes F0..F4).
    private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;

    private static byte[] Plain(ReadOnlySpan<byte> canonical)
    {
        var plain = new byte[canonical.Length];
        var length = 0;
        for (var i = 0; i < canonical.Length; i++)
        {
            if (canonical[i] != '\\')
            {
                plain[length++] = canonical[i];
                continue;
            }
            i++;
            plain[length++] = canonical[i] switch
            {
                (byte)'b' => 8,
                (byte)'t' => 9,
                (byte)'n' => 10,
                (byte)'f' => 12,
                (byte)'r' => 13,
                (byte)'u' => Convert.FromHexString(System.Text.Encoding.ASCII.GetString(canonical.Slice(i + 3, 2)))[0],
                var self => self,
            };
            if (canonical[i] == 'u') i += 4;
        }
        return plain[..length];
    }
}
