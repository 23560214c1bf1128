using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.EventStore.Migrations;

/// <summary>One ordered script of one module. An applied script is never edited: its checksum is kept in the database.</summary>
public sealed record Migration(string Module, int Number, string Name, string Sql)
{
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>Reads the scripts <c>Schema/NNNN-name.sql</c> embedded in an assembly, in the order of their numbers.</summary>
    public static IReadOnlyList<Migration> Of(string module, Assembly assembly)
    {
        const string folder = "schema/";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                var title = name[folder.Length..^".sql".Length];
                return new Migration(module, int.Parse(title[..4], System.Globalization.CultureInfo.InvariantCulture), title[5..], reader.ReadToEnd().ReplaceLineEndings("\n"));
            })
            .OrderBy(migration => migration.Number)];
    }

    /// <summary>The event store's own scripts; they come before every other module's.</summary>
    public static IReadOnlyList<Migration> EventStore { get; } = Of("event-store", typeof(Migration).Assembly);
}
