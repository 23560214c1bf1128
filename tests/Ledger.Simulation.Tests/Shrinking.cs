using Ledger.Simulation.Tests.Clients;

namespace Ledger.Simulation.Tests;

/// <summary>Leaves out requests of a failing run as long as it still fails.</summary>
internal static class Shrinking
{
    // Without one request everything after it is scheduled anew: a few schedules are tried before a request counts as needed.
    private const int Schedules = 8;

    /// <returns>The smallest failing plan found, the seed of its schedule, and what is wrong in it.</returns>
    public static (IReadOnlyList<Planned> Plan, int Seed, IReadOnlyList<string> Faults) Shrink(int seed, IReadOnlyList<Planned> plan, Mutant mutant)
    {
        var smallest = (Plan: plan, Seed: seed, Faults: Verdict.Of(Simulation.Run(seed, plan, mutant)));
        for (var size = plan.Count / 2; size > 0; size /= 2)
        {
            for (var start = 0; start < smallest.Plan.Count;)
            {
                var fewer = smallest.Plan.Where((_, index) => index < start || index >= start + size).ToList();
                if (Failing(fewer) is { } found) smallest = (fewer, found.Seed, found.Faults);
                else start += size;
            }
        }
        return smallest;

        (int Seed, IReadOnlyList<string> Faults)? Failing(IReadOnlyList<Planned> fewer)
        {
            for (var other = 0; other < Schedules; other++)
                if (Verdict.Of(Simulation.Run(seed + other, fewer, mutant)) is { Count: > 0 } faults) return (seed + other, faults);
            return null;
        }
    }
}
