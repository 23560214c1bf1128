namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>A decision table as it stands on paper: situations down, commands across, one outcome in each cell.</summary>
public sealed record DecisionTable(IReadOnlyList<string> Commands, IReadOnlyList<string> Situations, IReadOnlyList<(string Situation, string Command, string Outcome)> Cells)
{
    /// <param name="text">Lines of cells between bars; the first line names the commands, the first cell of every other the situation.</param>
    public static DecisionTable Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToArray();
        var commands = lines[0][1..];
        foreach (var line in lines) line.Length.ShouldBe(lines[0].Length, $"cells of the line '{line[0]}'");
        var rows = lines[1..];
        return new(commands, [.. rows.Select(row => row[0])], [.. rows.SelectMany(row => commands.Select((command, column) => (row[0], command, row[column + 1])))]);
    }

    public TheoryData<string, string, string> AsTheory()
    {
        var theory = new TheoryData<string, string, string>();
        foreach (var (situation, command, outcome) in Cells) theory.Add(situation, command, outcome);
        return theory;
    }
}
