namespace Ledger.Docs.Tests.Pages;

/// <summary>The clone these tests were built from: pages and sources are read where their readers find them.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>README and its kin, then every page and decision under docs, by path from the root.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Root, "*.md").Order(StringComparer.Ordinal).Select(Relative),
        .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Relative),
    ];

    public static string Full(string path) => Path.Combine(Root, path);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExportLedger.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("These tests read the pages of a clone: no ExportLedger.sln above " + AppContext.BaseDirectory);
    }
}
