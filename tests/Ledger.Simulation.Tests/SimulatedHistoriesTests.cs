using System.Diagnostics;
using System.Globalization;
using Ledger.Simulation.Tests.Clients;

namespace Ledger.Simulation.Tests;

/// <summary>
/// The commands of the service over a simulated database, with everything that may go wrong between them: see docs/reliability.md.
/// <c>LEDGER_SIMULATION_SEEDS=10000 ./test SimulatedHistoriesTests</c> runs more; <c>LEDGER_SIMULATION_SEED=17</c> runs one again.
/// </summary>
public sealed class SimulatedHistoriesTests(ITestOutputHelper output)
{
    private const int Seeds = 240;

    [Fact]
    public void Every_answer_was_true_and_every_effect_happened_once()
    {
        var (first, count) = Setting("LEDGER_SIMULATION_SEED") is { } one ? (one, 1) : (1, Setting("LEDGER_SIMULATION_SEEDS") ?? Seeds);
        var (commands, kills, events, answers) = (0L, 0L, 0L, 0L);
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var seed = first; seed < first + count; seed++)
        {
            var plan = Plan.Draw(seed);
            var run = Simulation.Run(seed, plan);
            commands += run.Commands;
            kills += run.Kills;
            events += run.Database.Events.Count;
            answers += run.Observations.Count(observation => observation.Answer is not null);
            if (Verdict.Of(run).Count > 0) Assert.Fail(Story(seed, plan));
        }
        output.WriteLine($"{count} seeds, {commands} commands, {answers} answers, {events} events, {kills} kills; {(Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds:0.0} s of processor time");
    }

    [Fact]
    public void One_seed_is_one_history()
    {
        static string History(int seed)
        {
            var run = Simulation.Run(seed, Plan.Draw(seed));
            var events = run.Database.Events.Select(stored => $"{stored.TenantId} {stored.Position} {stored.Event.Type} {stored.Version} {stored.CorrelationId} {stored.RecordedAt:O}");
            var answers = run.Observations.Select(observation => $"{observation.Sent.Planned.Number}.{observation.Delivery} {observation.Invoked} {observation.Answered} {observation.Answer?.Status}");
            return string.Join('\n', events.Concat(answers));
        }
        for (var seed = 1; seed <= 10; seed++) History(seed).ShouldBe(History(seed));
    }

    internal static string Story(int seed, IReadOnlyList<Planned> plan, Mutant mutant = Mutant.None)
    {
        var (fewer, schedule, faults) = Shrinking.Shrink(seed, plan, mutant);
        return $"Seed {seed}, shrunk to {fewer.Count} of {plan.Count} requests in schedule {schedule}:\n{string.Join('\n', fewer)}\nWrong:\n{string.Join('\n', faults.Take(5))}";
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
