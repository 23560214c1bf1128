namespace Ledger.Proof.Notes;

/// <summary>Base 64 of RFC 4648 §4 in its one spelling: no white space, no stray bits at the end, always padded.</summary>
internal static class Base64
{
    /// <returns>Null: not that spelling of anything.</returns>
    public static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }
}
