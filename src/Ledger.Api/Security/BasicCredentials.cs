using System.Text;
using System.Text.Unicode;

namespace Ledger.Api.Security;

/// <summary>The text inside HTTP Basic (RFC 7617): base64 of UTF-8. Only the one canonical encoding of a text is accepted.</summary>
internal static class BasicCredentials
{
    public const int LongestDecoded = 768;
    private const int LongestEncoded = LongestDecoded / 3 * 4;

    /// <param name="text">At least <see cref="LongestDecoded"/> long.</param>
    public static bool TryDecode(ReadOnlySpan<char> encoded, Span<char> text, out int length)
    {
        length = 0;
        Span<byte> bytes = stackalloc byte[LongestDecoded];
        if (encoded.Length > LongestEncoded || !Convert.TryFromBase64Chars(encoded, bytes, out var count)) return false;
        bytes = bytes[..count];
        // .NET overlooks white space and stray bits in the last character; other readers do not, so neither form is a credential.
        Span<char> canonical = stackalloc char[LongestEncoded];
        if (!Convert.TryToBase64Chars(bytes, canonical, out var written) || !encoded.SequenceEqual(canonical[..written])) return false;
        if (!Utf8.IsValid(bytes)) return false;
        length = Encoding.UTF8.GetChars(bytes, text);
        foreach (var character in text[..length])
        {
            if (char.IsControl(character)) return false;
        }
        return true;
    }
}
