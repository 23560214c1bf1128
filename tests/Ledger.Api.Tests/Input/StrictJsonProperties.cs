using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Input;

namespace Ledger.Api.Tests.Input;

/// <summary>Random documents, and random damage to them, against what the framework's own reader says.</summary>
public sealed class StrictJsonProperties
{
    private static readonly string[] Names = ["a", "b", "a/b", "é", "", "\\u0061", "\\u0000", "\\ud83d", "\\ud83d\\ude00"];
    private static readonly string[] Scalars = ["0", "-1.5e9", "1e400", "true", "null", "\"x\"", "\"\\u00e9\"", "\"\\\\u0000\"", "\"\\ude00\"", "\"\\u0000\""];

    private static Gen<string> Json(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.OneOf(
            Gen.Elements(Scalars),
            Json(depth - 1).ArrayOf().Select(items => $"[{string.Join(',', items.Take(4))}]"),
            Gen.Zip(Gen.Elements(Names), Json(depth - 1)).ArrayOf().Select(members => $"{{{string.Join(',', members.Take(4).Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}"));

    /// <summary>A document, and bytes written over it at random places.</summary>
    private static Gen<(string Json, (int At, byte Value)[] Damage)> Documents =>
        Gen.Zip(Json(4), Gen.Zip(Gen.Choose(0, 400), Gen.Choose(0, 255).Select(value => (byte)value)).ArrayOf(3).Select(damage => damage.Select(d => (d.Item1, d.Item2)).ToArray()));

    [Fact]
    public void Accepts_exactly_what_is_JSON_and_keeps_our_rules() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Json(4).ToArbitrary(), json =>
        {
            using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Dialect, out var fault);
            return (document is not null) == KeepsOurRules(json) && (document is null) == (fault is not null);
        }));

    [Fact]
    public void Answers_damaged_documents_with_a_fault_or_a_document_never_an_exception() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Documents.ToArbitrary(), sample =>
        {
            var bytes = Encoding.UTF8.GetBytes(sample.Json);
            foreach (var (at, value) in sample.Damage) bytes[at % bytes.Length] = value;
            using var document = StrictJson.Parse(bytes, JsonLimits.Dialect, out var fault);
            return (document is null) == (fault is not null) && (document is null || JsonSerializer.SerializeToUtf8Bytes(document.RootElement).Length > 0);
        }));

    /// <summary>The rules again, in another way: unescape everything into a tree of nodes and look.</summary>
    private static bool KeepsOurRules(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Keeps(document.RootElement);

        static bool Keeps(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().ToList() is var members && members.All(member => Text(() => member.Name) && Keeps(member.Value))
                && members.Select(member => member.Name).Distinct(StringComparer.Ordinal).Count() == members.Count,
            JsonValueKind.Array => element.EnumerateArray().All(Keeps),
            JsonValueKind.String => Text(() => element.GetString()!),
            _ => true,
        };

        static bool Text(Func<string> read)
        {
            try
            {
                return !read().Contains('\0');
            }
            catch (InvalidOperationException)
            {
                return false;   // how the framework says "half a surrogate pair"
            }
        }
    }
}
