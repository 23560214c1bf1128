using System.Globalization;
using Ledger.Bench.Questions;

namespace Ledger.Bench;

/// <param name="Suffix">Of the results' name: a run of a part, or a quick one, does not replace a whole one.</param>
internal sealed record Arguments(string Service, string Results, Plan Plan, IReadOnlyList<IQuestion> Questions, string Suffix)
{
    private static readonly TimeSpan Whole = TimeSpan.FromMinutes(40);

    /// <returns>Null after saying what is wrong.</returns>
    public static Arguments? Read(string[] args, IQuestion[] all)
    {
        var (plan, names, quick) = (Plan.Within(Whole), new List<string>(), false);
        for (var index = 2; index < args.Length; index++)
        {
            if (args[index] == "--quick") (plan, quick) = (Plan.Quick, true);
            else if (args[index] == "--minutes" && index + 1 < args.Length && double.TryParse(args[++index], CultureInfo.InvariantCulture, out var minutes) && minutes >= 15) plan = Plan.Within(TimeSpan.FromMinutes(minutes));
            else if (all.Any(question => question.Name == args[index])) names.Add(args[index]);
            else return Refuse(args[index], all);
        }
        if (args.Length < 2) return Refuse("", all);
        var chosen = all.Where(question => names.Count == 0 || names.Contains(question.Name)).ToList();
        return new(Path.GetFullPath(args[0]), Path.GetFullPath(args[1]), plan, chosen, (quick ? "-quick" : "") + string.Concat(names.Select(name => "-" + name)));
    }

    private static Arguments? Refuse(string word, IQuestion[] all)
    {
        Console.Error.WriteLine($"{(word.Length == 0 ? "" : $"'{word}' is neither an option nor a question. ")}Usage: bench/run [--quick | --minutes N (15 or more)] [{string.Join(" | ", all.Select(question => question.Name))}]...");
        return null;
    }
}
