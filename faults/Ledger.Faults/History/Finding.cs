namespace Ledger.Faults.History;

/// <summary>What the checker counted; <paramref name="What"/> has the first few in words.</summary>
/// <param name="Unanswered">Of those with an unknown outcome, how many were carried out.</param>
internal sealed record Finding(int Operations, int Acknowledged, int Unknown, int Unanswered, int Lost, int Duplicated, int Partial, int Impossible, long Events, IReadOnlyList<string> What)
{
    public bool IsClean => Lost + Duplicated + Partial + Impossible == 0;
}
