using System.Collections;
using System.Text.Json;

namespace Ledger.Api.Input;

/// <summary>The objects of one array, in order: <c>foreach (var item in members.RequiredObjects("items", 1, 100))</c>. An element that is no object is a fault and comes out not present.</summary>
public readonly struct JsonObjects : IEnumerable<JsonMembers>
{
    private readonly JsonElement _array;
    private readonly JsonFaults? _faults;
    private readonly JsonPlace? _place;

    internal JsonObjects(JsonElement array, JsonFaults faults, JsonPlace? place) => (_array, _faults, _place) = (array, faults, place);

    /// <summary>A body that is an array; anything else is a fault.</summary>
    public static JsonObjects Of(JsonElement root, JsonFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (root.ValueKind is JsonValueKind.Array) return new JsonObjects(root, faults, null);
        faults.Add("", "Must be an array.");
        return default;
    }

    /// <summary>0 when the array was absent or refused.</summary>
    public int Count => _faults is null ? 0 : _array.GetArrayLength();

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<JsonMembers> IEnumerable<JsonMembers>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator : IEnumerator<JsonMembers>
    {
        private readonly JsonObjects _objects;
        private JsonElement.ArrayEnumerator _elements;
        private int _index;

        internal Enumerator(JsonObjects objects)
        {
            _objects = objects;
            _elements = objects._faults is null ? default : objects._array.EnumerateArray();
            _index = -1;
        }

        public JsonMembers Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_objects._faults is not { } faults || !_elements.MoveNext()) return false;
            _index++;
            var isObject = _elements.Current.ValueKind is JsonValueKind.Object;
            if (!isObject) faults.Add(JsonPlace.Pointer(_objects._place, null, _index), "Must be an object.");
            Current = isObject ? new JsonMembers(_elements.Current, faults, _objects._place, null, _index) : default;
            return true;
        }

        public void Reset() => (_elements, _index) = (_objects._faults is null ? default : _objects._array.EnumerateArray(), -1);

        public readonly void Dispose()
        {
        }
    }
}
