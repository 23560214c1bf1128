using System.Text.Json;

namespace Ledger.Api.Input;

/// <summary>A closed list of words and what each means, made once per contract: <c>new JsonWords&lt;Outcome&gt;(("exported", Outcome.Exported), …)</c>.</summary>
public sealed class JsonWords<T>(params (string Word, T Meaning)[] words) where T : struct
{
    /// <summary>The sentence for any other word.</summary>
    internal string Expected { get; } = $"Must be one of: {string.Join(", ", words.Select(word => word.Word))}.";

    /// <summary>Compares the bytes as sent, so that a known word costs no string.</summary>
    internal T? Find(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String) return null;
        foreach (var (word, meaning) in words)
        {
            if (value.ValueEquals(word)) return meaning;
        }
        return null;
    }
}
