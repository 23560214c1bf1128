using System.Globalization;
using System.Text.Json;

namespace Ledger.Api.Input;

public readonly partial struct JsonMembers
{
    /// <param name="min">Characters; 1 refuses the empty string.</param>
    /// <param name="max">Characters, not bytes.</param>
    public string? RequiredString(string name, int min = 1, int max = int.MaxValue) => String(name, Required(name), min, max);

    public string? OptionalString(string name, int max = int.MaxValue, int min = 0) => String(name, Value(name), min, max);

    /// <summary>A whole number written without fraction and exponent: <c>1.0</c> and <c>1e3</c> are refused, as integer readers of most languages do.</summary>
    public long? RequiredInt64(string name, long min = long.MinValue, long max = long.MaxValue) => Int64(name, Required(name), min, max);

    public long? OptionalInt64(string name, long min = long.MinValue, long max = long.MaxValue) => Int64(name, Value(name), min, max);

    /// <summary>Exact, for amounts in major units: up to 28 significant digits; more or larger is refused, never rounded or infinite.</summary>
    public decimal? RequiredDecimal(string name) => Decimal(name, Required(name));

    public decimal? OptionalDecimal(string name) => Decimal(name, Value(name));

    public bool? OptionalBoolean(string name) => Boolean(name, Value(name));

    public bool? RequiredBoolean(string name) => Boolean(name, Required(name));

    /// <summary>One of the words of a closed list, compared exactly.</summary>
    public T? RequiredEnum<T>(string name, JsonWords<T> words) where T : struct => Enum(name, Required(name), words);

    public T? OptionalEnum<T>(string name, JsonWords<T> words) where T : struct => Enum(name, Value(name), words);

    /// <summary>RFC 3339 with time and offset, as UTC in whole microseconds.</summary>
    public DateTimeOffset? RequiredDateTime(string name) => DateTime(name, Required(name), orDate: false);

    public DateTimeOffset? OptionalDateTime(string name) => DateTime(name, Value(name), orDate: false);

    /// <summary>As <see cref="OptionalDateTime"/>; a bare <c>YYYY-MM-DD</c> is its midnight in UTC.</summary>
    public DateTimeOffset? OptionalDateOrDateTime(string name) => DateTime(name, Value(name), orDate: true);

    /// <summary>The 36-character form, in either case.</summary>
    public Guid? RequiredUuid(string name) => Uuid(name, Required(name));

    public Guid? OptionalUuid(string name) => Uuid(name, Value(name));

    private string? String(string name, JsonElement? value, int min, int max)
    {
        if (value is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.String) return Refuse<string>(name, "Must be a string.");
        var text = given.GetString()!;
        if (text.Length < min || (text.Length < 2L * min && Characters(text) < min))
            return Refuse<string>(name, min == 1 ? "Must not be empty." : Invariant($"Must have at least {min} characters."));
        return text.Length > max && Characters(text) > max ? Refuse<string>(name, Invariant($"Must have at most {max} characters.")) : text;
    }

    private long? Int64(string name, JsonElement? value, long min, long max)
    {
        if (value is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.Number) return RefuseValue<long>(name, "Must be a whole number.");
        if (given.TryGetInt64(out var number))
            return number >= min && number <= max ? number : RefuseValue<long>(name, Invariant($"Must be between {min} and {max}."));
        var digits = given.GetRawText().AsSpan().IndexOfAny(".eE") < 0;
        return RefuseValue<long>(name, digits ? "Is out of the range of a 64-bit integer." : "Must be a whole number, without fraction or exponent.");
    }

    private decimal? Decimal(string name, JsonElement? value)
    {
        if (value is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.Number) return RefuseValue<decimal>(name, "Must be a number.");
        return ExactDecimal.TryParse(given.GetRawText(), out var number) ? number : RefuseValue<decimal>(name, "Is out of range: at most 28 significant digits.");
    }

    private bool? Boolean(string name, JsonElement? value) => value is not { } given ? null : given.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => RefuseValue<bool>(name, "Must be true or false."),
    };

    private T? Enum<T>(string name, JsonElement? value, JsonWords<T> words) where T : struct =>
        value is not { } given ? null : words.Find(given) ?? RefuseValue<T>(name, words.Expected);

    private DateTimeOffset? DateTime(string name, JsonElement? value, bool orDate)
    {
        if (value is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.String) return RefuseValue<DateTimeOffset>(name, "Must be a string with an RFC 3339 time.");
        var text = given.GetString();
        if (Rfc3339.TryParse(text, out var time) || (orDate && Rfc3339.TryParseDate(text, out time))) return time;
        return RefuseValue<DateTimeOffset>(name, $"Must be an existing RFC 3339 time such as 2026-01-31T08:00:00Z{(orDate ? " or date such as 2026-01-31" : "")}.");
    }

    private Guid? Uuid(string name, JsonElement? value)
    {
        if (value is not { } given) return null;
        return given.ValueKind is JsonValueKind.String && given.TryGetGuid(out var uuid) ? uuid : RefuseValue<Guid>(name, "Must be a UUID.");
    }

    private T? Refuse<T>(string name, string message) where T : class
    {
        Fault(name, message);
        return null;
    }

    private T? RefuseValue<T>(string name, string message) where T : struct
    {
        Fault(name, message);
        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
