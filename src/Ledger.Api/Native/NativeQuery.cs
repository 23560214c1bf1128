using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;

namespace Ledger.Api.Native;

/// <summary>Reads the query string of a native route. What is wrong goes to <see cref="Fault"/>; a parameter given twice is wrong.</summary>
internal sealed class NativeQuery(HttpContext context)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1_000;

    private readonly JsonFaults _faults = new();

    /// <summary>Null when every parameter read so far is well-formed.</summary>
    public Fault? Fault => _faults.ToFault();

    public int Limit() => (int)(Int64("limit", 1, MaxLimit) ?? DefaultLimit);

    public string? Text(string name, int max)
    {
        if (Single(name) is not { } text) return null;
        if (text.Length == 0) return Refuse<string>(name, "Must not be empty.");
        if (text.Length > max) return Refuse<string>(name, $"Must have at most {max.ToString(CultureInfo.InvariantCulture)} characters.");
        return text.Contains('\0', StringComparison.Ordinal) ? Refuse<string>(name, "U+0000 is not accepted in text.") : text;
    }

    public long? Int64(string name, long min, long max)
    {
        if (Single(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Refuse<string>(name, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number between {min} and {max}."));
        return null;
    }

    public Guid? Uuid(string name)
    {
        if (Single(name) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var uuid)) return uuid;
        Refuse<string>(name, "Must be a UUID such as 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.");
        return null;
    }

    public bool? Boolean(string name)
    {
        switch (Single(name))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Refuse<string>(name, "Must be true or false.");
                return null;
        }
    }

    public DateTimeOffset? Time(string name)
    {
        if (Single(name) is not { } text) return null;
        if (Rfc3339.TryParse(text, out var time)) return time;
        // A plus sign in an address is a space; whoever forgot to encode the offset's is told so.
        Refuse<string>(name, text.Contains(' ', StringComparison.Ordinal)
            ? "Must be an RFC 3339 time such as 2026-01-31T08:00:00Z; a plus sign is written %2B in an address."
            : "Must be an existing RFC 3339 time such as 2026-01-31T08:00:00Z.");
        return null;
    }

    public T? Word<T>(string name) where T : struct, Enum
    {
        if (Single(name) is not { } text) return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (NativeWords.Of(value) == text) return value;
        }
        Refuse<string>(name, $"Must be one of: {string.Join(", ", Enum.GetValues<T>().Select(NativeWords.Of))}.");
        return null;
    }

    public void Refuse(string name, string message) => _faults.Add($"?{name}", message);

    private string? Single(string name)
    {
        var values = context.Request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => Refuse<string>(name, "May be given once only."),
        };
    }

    private T? Refuse<T>(string name, string message) where T : class
    {
        Refuse(name, message);
        return null;
    }
}
