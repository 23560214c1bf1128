using Ledger.Domain.Integrations;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Integrations.IntegrationCommand;
using static Ledger.Domain.Integrations.IntegrationEvent;

namespace Ledger.Domain.Tests.Integrations;

public class AnIntegrationTests
{
    private static readonly IntegrationConnected Connected = new("NORTHLEDGER", "nl-org-4471");
    private static readonly Connect Connecting = new("NORTHLEDGER", "nl-org-4471");

    private static readonly Dictionary<string, IntegrationEvent[]> Situations = new()
    {
        ["unknown"] = [],
        ["active"] = [Connected],
        ["disabled"] = [Connected, new IntegrationDisconnected()],
        ["active again"] = [Connected, new IntegrationDisconnected(), new IntegrationReactivated()],
    };

    private static readonly Dictionary<string, IntegrationCommand> Commands = new()
    {
        ["connect"] = Connecting,
        ["disconnect"] = new Disconnect(),
        ["reactivate"] = new Reactivate(),
    };

    private static readonly DecisionTable NoOtherActive = DecisionTable.Parse("""
        |              | connect               | disconnect               | reactivate              |
        | unknown      | integration_connected | !IntegrationUnknown      | !IntegrationUnknown     |
        | active       | !IntegrationActive    | integration_disconnected | !IntegrationActive      |
        | disabled     | !IntegrationActive    | !IntegrationNotActive    | integration_reactivated |
        | active again | !IntegrationActive    | integration_disconnected | !IntegrationActive      |
        """);

    private static readonly DecisionTable OtherActive = DecisionTable.Parse("""
        |              | connect            | disconnect               | reactivate          |
        | unknown      | !IntegrationActive | !IntegrationUnknown      | !IntegrationUnknown |
        | active       | !IntegrationActive | integration_disconnected | !IntegrationActive  |
        | disabled     | !IntegrationActive | !IntegrationNotActive    | !IntegrationActive  |
        | active again | !IntegrationActive | integration_disconnected | !IntegrationActive  |
        """);

    public static TheoryData<string, string, string> WhileNoOtherIsActive => NoOtherActive.AsTheory();
    public static TheoryData<string, string, string> WhileAnotherIsActive => OtherActive.AsTheory();

    [Theory]
    [MemberData(nameof(WhileNoOtherIsActive))]
    public void Alone_goes_by_this_table(string situation, string command, string expected) => Check(situation, command, expected, otherIsActive: false);

    [Theory]
    [MemberData(nameof(WhileAnotherIsActive))]
    public void Beside_an_active_one_goes_by_this_table(string situation, string command, string expected) => Check(situation, command, expected, otherIsActive: true);

    [Fact]
    public void The_tables_are_complete()
    {
        Commands.Values.Select(command => command.GetType()).ShouldBe(typeof(IntegrationCommand).GetNestedTypes(), ignoreOrder: true);
        foreach (var table in new[] { NoOtherActive, OtherActive })
        {
            table.Commands.ShouldBe(Commands.Keys);
            table.Situations.ShouldBe(Situations.Keys);
        }
    }

    [Fact]
    public void Connecting_keeps_vendor_account_and_time() =>
        Given().When(Connecting).Then(Connected).State.ShouldBe(new IntegrationState(1, true, "NORTHLEDGER", "nl-org-4471", Clock.At(1)));

    [Fact]
    public void Reactivating_brings_back_the_same_connection_with_its_first_time() =>
        Given(Connected, new IntegrationDisconnected()).When(new Reactivate()).Then(new IntegrationReactivated())
            .State.ShouldBe(new IntegrationState(3, true, "NORTHLEDGER", "nl-org-4471", Clock.At(1)));

    public static TheoryData<IntegrationEvent[]> CorruptStreams => new(
        [new IntegrationDisconnected()], [new IntegrationReactivated()], [Connected, Connected], [Connected, new IntegrationReactivated()],
        [Connected, new IntegrationDisconnected(), new IntegrationDisconnected()]);

    [Theory]
    [MemberData(nameof(CorruptStreams), DisableDiscoveryEnumeration = true)]
    public void A_stream_that_no_decision_could_have_made_stops_whoever_reads_it(IntegrationEvent[] stream) =>
        Should.Throw<InvalidOperationException>(() => Given(stream)).Message.ShouldContain("corrupt");

    private static void Check(string situation, string command, string expected, bool otherIsActive)
    {
        var outcome = Rules(otherIsActive).Given(Situations[situation]).When(Commands[command]);
        Outcome.Describe(outcome.Decision).ShouldBe(expected);
        outcome.After.State.Version.ShouldBe(Situations[situation].Length + outcome.Events.Count);
    }

    private static Situation<IntegrationCommand, IntegrationState, IntegrationEvent> Given(params IntegrationEvent[] past) => Rules(otherIsActive: false).Given(past);

    private static Rules<IntegrationCommand, IntegrationState, IntegrationEvent> Rules(bool otherIsActive) =>
        new(IntegrationState.None, (command, state) => IntegrationDecider.Decide(command, state, otherIsActive), IntegrationDecider.Evolve);
}
