using System.Text;

namespace Ledger.Cli.Terminal;

internal static class Printable
{
    /// <summary>
    /// Text from a file or the service as one harmless line: control characters (line breaks, terminal escapes,
    /// direction overrides) become <c>\u001B</c>-style escapes, so a note in a record cannot steer the reader's terminal.
    /// </summary>
    public static string Line(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (!text.Any(IsUnsafe)) return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsUnsafe(character)) line.Append("\\u").Append(((int)character).ToString("X4", null));
            else line.Append(character);
        }

        return line.ToString();
    }

    private static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029';
}
