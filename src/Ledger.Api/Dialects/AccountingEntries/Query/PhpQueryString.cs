using System.Text;

namespace Ledger.Api.Dialects.AccountingEntries.Query;

/// <summary>
/// Reads a query string as PHP 8 reads it into <c>$_GET</c>: brackets nest, <c>[]</c> appends, <c>+</c> is a space, the
/// last of two equal names wins, and a dot or space in a name becomes an underscore.
/// </summary>
/// <remarks>
/// Follows <c>php_register_variable_ex</c> in PHP's <c>main/php_variables.c</c>. One difference: where PHP drops what is
/// beyond its limits and goes on, this reader reports a fault, because a filter that silently disappears widens the answer.
/// </remarks>
internal static class PhpQueryString
{
    /// <summary>The longest query read, in bytes as sent; longer is 414.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>PHP's <c>max_input_vars</c>.</summary>
    public const int MaxVariables = 1000;

    /// <summary>PHP's <c>max_input_nesting_level</c>: how many pairs of brackets a name may have.</summary>
    public const int MaxDepth = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="query">As sent, still percent-encoded, with or without the leading question mark.</param>
    public static QueryNode.Branch Parse(string query, ICollection<InputFault> faults)
    {
        var root = new QueryNode.Branch();
        var variables = 0;
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (++variables > MaxVariables)
            {
                faults.Add(new InputFault("query", $"has more than {MaxVariables} variables"));
                break;
            }
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (name is null) faults.Add(new InputFault("query", "has a name that is not UTF-8"));
            else if (value is null) faults.Add(new InputFault(name, "is not UTF-8"));
            else Register(root, name, value, faults);
        }
        return root;
    }

    private static void Register(QueryNode.Branch root, string name, string value, ICollection<InputFault> faults)
    {
        if (PathOf(name) is not { } path) return;
        if (path.Count - 1 > MaxDepth)
        {
            faults.Add(new InputFault(path[0]!, $"is nested deeper than {MaxDepth} levels"));
            return;
        }
        var branch = root;
        foreach (var key in path.SkipLast(1))
        {
            if (key is not null && branch[key] is QueryNode.Branch inner)
            {
                branch = inner;
                continue;
            }
            var created = new QueryNode.Branch();
            if (!Put(branch, key, created)) return;
            branch = created;
        }
        Put(branch, path[^1], new QueryNode.Text(value));
    }

    private static bool Put(QueryNode.Branch branch, string? key, QueryNode value)
    {
        if (key is null) return branch.TryAppend(value);
        branch.Set(key, value);
        return true;
    }

    /// <summary>The keys a name leads through, null for <c>[]</c>; no path at all for a name PHP ignores.</summary>
    private static List<string?>? PathOf(string decoded)
    {
        var name = decoded.Split('\0')[0].TrimStart(' ');   // a C string ends at its first NUL
        var at = name.IndexOf('[', StringComparison.Ordinal);
        var head = Mangle(at < 0 ? name : name[..at]);
        if (head.Length == 0) return null;
        var path = new List<string?> { head };
        while (at >= 0 && at < name.Length && name[at] == '[')
        {
            var start = at + 1;
            var end = start;
            if (end < name.Length && name[end] == ' ') end++;
            if (end < name.Length && name[end] == ']')
            {
                path.Add(null);
            }
            else
            {
                end = end < name.Length ? name.IndexOf(']', end) : -1;
                // A bracket that never closes is part of the name when it is the first, and dropped when it is a later one.
                if (end < 0) return path.Count == 1 ? [Mangle(name)] : path;
                path.Add(name[start..end]);
            }
            at = end + 1;
        }
        return path;
    }

    private static string Mangle(string name) => name.Replace(' ', '_').Replace('.', '_').Replace('[', '_');

    private static string? Decode(string sent)
    {
        var bytes = Encoding.UTF8.GetBytes(sent);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (IsEscape(bytes, i))
            {
                bytes[length++] = (byte)(HexValue(bytes[i + 1]) << 4 | HexValue(bytes[i + 2]));
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i] == '+' ? (byte)' ' : bytes[i];
            }
        }
        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // A percent sign that starts no escape stands for itself, as in PHP.
    private static bool IsEscape(byte[] sent, int at) =>
        sent[at] == '%' && at + 2 < sent.Length && char.IsAsciiHexDigit((char)sent[at + 1]) && char.IsAsciiHexDigit((char)sent[at + 2]);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
