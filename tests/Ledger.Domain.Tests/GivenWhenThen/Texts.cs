using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>Strings with everything that separators, escapes and encodings stumble over.</summary>
internal static class Texts
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Elements("/", "%", "%2F", "%25", "%2f", "//", ".", "..", "\\", "'", "\"", " ", "+", "?", "#", ":", "\t"),
        Gen.Elements("é", "ø", "e\u0301", "\u0130", "ß", "中", "\U0001F9FE", "\u202E", "\uFEFF", "\u0661", "\uFFFD"),
        Gen.Choose(0x20, 0x7E).Select(code => ((char)code).ToString()));

    /// <param name="shortest">In UTF-16 code units.</param>
    public static Gen<string> Unicode(int shortest, int longest) =>
        from pieces in Piece.ArrayOf()
        let text = string.Concat(pieces)
        where text.Length >= shortest && text.Length <= longest
        select text;

    public static Gen<Guid> Uuid { get; } = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(16).Select(bytes => new Guid(bytes));
}
