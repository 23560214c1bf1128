using System.Runtime.CompilerServices;

namespace Ledger.Simulation.Tests;

/// <summary>The patches of <c>faults/mutants</c>: bugs that exist in no build of the service. Each has to fit the service as it is, and to be named where its killer is.</summary>
public sealed class PlantedInTheServiceTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));
    private static readonly string Folder = Path.Combine(Root, "faults", "mutants");

    public static TheoryData<string> Patches => [.. Directory.GetFiles(Folder, "*.patch").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_one_for_every_line_that_needs_one() => Patches.Count.ShouldBeGreaterThanOrEqualTo(19);

    [Theory]
    [MemberData(nameof(Patches))]
    public void Fits_the_service(string name)
    {
        var file = "";
        List<string> before = [], hunks = [];
        foreach (var line in File.ReadLines(Path.Combine(Folder, $"{name}.patch")).Append("@@"))
        {
            if (line.StartsWith("@@", StringComparison.Ordinal) || line.StartsWith("diff ", StringComparison.Ordinal))
            {
                if (before.Count > 0) File.ReadAllText(Path.Combine(Root, file)).ShouldContain(string.Join('\n', before), customMessage: $"{name} does not fit {file} any more.");
                before = [];
                hunks.Add(line);
            }
            else if (line.StartsWith("+++ b/", StringComparison.Ordinal)) file = line["+++ b/".Length..];
            else if (file.Length > 0 && line is [' ' or '-', .. var text]) before.Add(text);
            // A file's own header comes between its name and its first hunk.
            if (line.StartsWith("--- ", StringComparison.Ordinal)) before = [];
        }
        hunks.Count.ShouldBeGreaterThan(2, "it changes nothing");
    }

    [Theory]
    [MemberData(nameof(Patches))]
    public void Has_a_line_that_kills_it_and_is_told_of(string name)
    {
        var line = File.ReadLines(Path.Combine(Folder, "killers")).Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        var killer = string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]);
        Ledger.Faults.Lines.Campaign.Lines.ShouldContain(known => known.Name == killer, $"there is no line '{killer}'");
        File.ReadAllText(Path.Combine(Root, "docs", "reliability.md")).ShouldContain($"`{name}`");
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
