namespace Ledger.Bench.Questions;

/// <summary>One line of the table: what it asks, and how it finds out.</summary>
internal interface IQuestion
{
    /// <summary>Of the table in docs/performance.md.</summary>
    int Line { get; }

    /// <summary>What to call it on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, and tells the figures to <paramref name="bench"/>.</summary>
    Task AskAsync(Bench bench);
}
