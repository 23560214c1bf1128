namespace Ledger.Bench.Results;

/// <summary>The table in the documentation: between two marks, and always that of the last whole run.</summary>
internal static class DocumentedTable
{
    private const string Start = "<!-- figures -->";
    private const string End = "<!-- /figures -->";

    public static async Task ReplaceAsync(string file, string table)
    {
        var text = await File.ReadAllTextAsync(file);
        var (start, end) = (text.IndexOf(Start, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (start < 0 || end < start) throw new InvalidOperationException($"{file} has no place for the table.");
        await File.WriteAllTextAsync(file, $"{text[..(start + Start.Length)]}\n{table}{text[end..]}");
    }
}
