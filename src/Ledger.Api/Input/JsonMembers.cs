using System.Text.Json;

namespace Ledger.Api.Input;

/// <summary>Typed reading of one JSON object. What is wrong goes to the <see cref="JsonFaults"/> and reads as null, so that a whole body is checked in one pass.</summary>
/// <remarks>
/// A struct without allocations of its own: a pointer costs something only where there is a fault. Members that nobody reads are
/// ignored. In every <c>Optional…</c> reader a member that is <c>null</c> reads as absent; use <see cref="IsNull"/> where a contract
/// tells the two apart.
/// </remarks>
public readonly partial struct JsonMembers
{
    private readonly JsonPlace? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly JsonFaults? _faults;

    internal JsonMembers(JsonElement element, JsonFaults faults, JsonPlace? parent, string? name, int index) =>
        (Element, _faults, _parent, _name, _index) = (element, faults, parent, name, index);

    /// <summary>The object itself, or an undefined element when there is none.</summary>
    public JsonElement Element { get; }

    /// <summary>False when the object was absent or no object; every reader is then silent, because the fault is told already.</summary>
    public bool IsPresent => Element.ValueKind is JsonValueKind.Object;

    /// <summary>The root of a body; anything but an object is a fault.</summary>
    public static JsonMembers Of(JsonElement root, JsonFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (root.ValueKind is JsonValueKind.Object) return new JsonMembers(root, faults, null, null, -1);
        faults.Add("", "Must be an object.");
        return default;
    }

    /// <summary>Is the member there, whatever its value?</summary>
    public bool Has(string name) => IsPresent && Element.TryGetProperty(name, out _);

    public bool IsNull(string name) => IsPresent && Element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Null;

    /// <summary>The untyped member, or null when it is absent or <c>null</c>.</summary>
    public JsonElement? Value(string name) =>
        IsPresent && Element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <summary>The pointer of a member (or of the object itself), for answers that name places without refusing them.</summary>
    public string Pointer(string? name = null)
    {
        var own = JsonPlace.Pointer(_parent, _name, _index);
        return name is null ? own : $"{own}/{JsonPlace.Escape(name)}";
    }

    /// <summary>A rule of the contract that no reader knows is broken at this member.</summary>
    public void Fault(string? name, string message) => _faults?.Add(Pointer(name), message);

    private JsonElement? Required(string name)
    {
        var value = Value(name);
        if (value is null && IsPresent) Fault(name, IsNull(name) ? "Must not be null." : "Is missing.");
        return value;
    }

    private JsonPlace? Place() => _name is null && _index < 0 ? _parent : new JsonPlace(_parent, _name, _index);

    /// <summary>Characters as people count them: a surrogate pair is one.</summary>
    private static int Characters(string text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit)) count--;
        }
        return count;
    }
}
