using System.Globalization;

namespace Ledger.Api.Input;

/// <summary>A place in a body, kept as a chain so that the text of a pointer is built only for the places that are wrong.</summary>
internal sealed class JsonPlace(JsonPlace? parent, string? name, int index)
{
    public static string Pointer(JsonPlace? parent, string? name, int index) =>
        (parent?.ToString() ?? "") + (name is not null ? "/" + Escape(name) : index >= 0 ? "/" + index.ToString(CultureInfo.InvariantCulture) : "");

    public override string ToString() => Pointer(parent, name, index);

    /// <summary>RFC 6901 §3.</summary>
    public static string Escape(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0 ? name : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
