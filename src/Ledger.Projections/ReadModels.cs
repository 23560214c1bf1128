using Ledger.EventStore.Migrations;

namespace Ledger.Projections;

public static class ReadModels
{
    /// <summary>The scripts of the read models; they follow the event store's.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Of("projections", typeof(ReadModels).Assembly);

    /// <summary>Name of an enum value as it stands in tables and events.</summary>
    internal static string Name<T>(T value) where T : struct, Enum => EnumNames<T>.Of(value);

    internal static T Parse<T>(string name) where T : struct, Enum => EnumNames<T>.From(name);

    private static class EnumNames<T> where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(value => value, value => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        private static readonly Dictionary<string, T> Values = Names.ToDictionary(pair => pair.Value, pair => pair.Key);
        public static string Of(T value) => Names[value];
        public static T From(string name) => Values[name];
    }
}
