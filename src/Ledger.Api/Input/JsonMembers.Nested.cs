using System.Globalization;
using System.Text.Json;

namespace Ledger.Api.Input;

public readonly partial struct JsonMembers
{
    /// <summary>Not <see cref="IsPresent"/> when the member is missing, null or no object.</summary>
    public JsonMembers RequiredObject(string name) => Nested(name, Required(name));

    public JsonMembers OptionalObject(string name) => Nested(name, Value(name));

    /// <summary>An array of objects. Its length is checked before any element is looked at; when it is wrong, the result is empty.</summary>
    public JsonObjects RequiredObjects(string name, int min, int max) => Objects(name, Required(name), min, max);

    public JsonObjects OptionalObjects(string name, int max) => Objects(name, Value(name), 0, max);

    /// <summary>The elements of an array, whatever they are, for lists whose elements are checked one by one.</summary>
    public IEnumerable<JsonElement> RequiredArray(string name, int min, int max) =>
        Array(name, Required(name), min, max) is { } array ? array.EnumerateArray() : [];

    /// <summary>An array of strings, in order; a wrong element is a fault and left out.</summary>
    public IReadOnlyList<string> RequiredStrings(string name, int min, int max, int maxCharacters) => Strings(name, Required(name), min, max, maxCharacters);

    public IReadOnlyList<string> OptionalStrings(string name, int max, int maxCharacters) => Strings(name, Value(name), 0, max, maxCharacters);

    private JsonMembers Nested(string name, JsonElement? value)
    {
        if (value is not { } given) return default;
        if (given.ValueKind is JsonValueKind.Object) return new JsonMembers(given, _faults!, Place(), name, -1);
        Fault(name, "Must be an object.");
        return default;
    }

    private JsonObjects Objects(string name, JsonElement? value, int min, int max) =>
        Array(name, value, min, max) is { } array ? new JsonObjects(array, _faults!, new JsonPlace(Place(), name, -1)) : default;

    private List<string> Strings(string name, JsonElement? value, int min, int max, int maxCharacters)
    {
        if (Array(name, value, min, max) is not { } array) return [];
        var strings = new List<string>(array.GetArrayLength());
        var index = -1;
        foreach (var element in array.EnumerateArray())
        {
            index++;
            var message = element.ValueKind is not JsonValueKind.String ? "Must be a string."
                : element.GetString() is not { Length: > 0 } text ? "Must not be empty."
                : text.Length > maxCharacters && Characters(text) > maxCharacters ? Invariant($"Must have at most {maxCharacters} characters.")
                : null;
            if (message is null) strings.Add(element.GetString()!);
            else _faults!.Add(string.Create(CultureInfo.InvariantCulture, $"{Pointer(name)}/{index}"), message);
        }
        return strings;
    }

    private JsonElement? Array(string name, JsonElement? value, int min, int max)
    {
        if (value is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.Array)
        {
            Fault(name, "Must be an array.");
            return null;
        }
        var length = given.GetArrayLength();
        if (length >= min && length <= max) return given;
        Fault(name, Invariant($"Must have {min} to {max} elements, not {length}."));
        return null;
    }
}
