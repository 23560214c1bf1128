namespace Ledger.Faults.Lines;

/// <summary>One line of the campaign's table.</summary>
/// <param name="Name">Starts with the number of the fault in docs/reliability.md; <c>--only</c> looks in it.</param>
/// <param name="Run">Injects the faults and judges; opens and closes everything it needs by itself. Throws <see cref="NotSupportedException"/> where this machine cannot inject them: the line is skipped, and says so.</param>
internal sealed record Line(string Name, Func<Plan, Task<Result>> Run);
