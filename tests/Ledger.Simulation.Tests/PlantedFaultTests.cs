using Ledger.Simulation.Tests.Clients;

namespace Ledger.Simulation.Tests;

/// <summary>Each planted fault of the database is found within some seeds, and shrinks to a story short enough to read.</summary>
public sealed class PlantedFaultTests(ITestOutputHelper output)
{
    private const int Seeds = 1_000;

    public static TheoryData<string> Mutants => [.. Enum.GetNames<Mutant>().Where(name => name != nameof(Mutant.None))];

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Is_found(string name)
    {
        var mutant = Enum.Parse<Mutant>(name);
        var seed = Enumerable.Range(1, Seeds).FirstOrDefault(seed => Verdict.Of(Simulation.Run(seed, Plan.Draw(seed), mutant)).Count > 0);
        seed.ShouldNotBe(0, $"{name} was not found by any of {Seeds} seeds");
        output.WriteLine($"{name}: found by seed {seed}");
    }

    [Fact]
    public void Shrinks_to_a_few_requests()
    {
        var plan = Plan.Draw(1);
        var seed = Enumerable.Range(1, Seeds).First(seed => Verdict.Of(Simulation.Run(seed, Plan.Draw(seed), Mutant.NoVersionCheck)).Count > 0);
        var (fewer, _, faults) = Shrinking.Shrink(seed, Plan.Draw(seed), Mutant.NoVersionCheck);
        faults.ShouldNotBeEmpty();
        fewer.Count.ShouldBeLessThan(plan.Count / 3);
    }
}
