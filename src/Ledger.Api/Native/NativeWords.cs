using System.Text.Json;

namespace Ledger.Api.Native;

/// <summary>Enum values as the native API spells them.</summary>
internal static class NativeWords
{
    public static string Of<T>(T value) where T : struct, Enum => Spelled<T>.Words[value];

    private static class Spelled<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Words = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
