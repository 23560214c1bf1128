using static Ledger.Domain.Integrations.IntegrationCommand;
using static Ledger.Domain.Integrations.IntegrationEvent;

namespace Ledger.Domain.Integrations;

/// <summary>A fact in an <c>integration/{integrationId}</c> stream.</summary>
public abstract record IntegrationEvent
{
    /// <param name="Vendor">Names the accounting system; its items are those of this system id.</param>
    /// <param name="VendorAccountId">The tenant's account there.</param>
    public sealed record IntegrationConnected(string Vendor, string VendorAccountId) : IntegrationEvent;

    public sealed record IntegrationDisconnected : IntegrationEvent;

    public sealed record IntegrationReactivated : IntegrationEvent;

    private IntegrationEvent() { }
}

public abstract record IntegrationCommand
{
    public sealed record Connect(string Vendor, string VendorAccountId) : IntegrationCommand;

    public sealed record Disconnect : IntegrationCommand;

    public sealed record Reactivate : IntegrationCommand;

    private IntegrationCommand() { }
}

public sealed record IntegrationState(long Version, bool Active, string Vendor, string VendorAccountId, DateTimeOffset ConnectedAt)
{
    public static IntegrationState None { get; } = new(0, false, "", "", default);
    public bool Exists => Version > 0;
}

/// <summary>Rules of one integration. That a tenant has at most one active is a rule over all of them: the command brings it along and a unique index has the last word.</summary>
public static class IntegrationDecider
{
    /// <param name="otherIsActive">Another integration of the tenant is active.</param>
    public static Decision<IntegrationEvent> Decide(IntegrationCommand command, IntegrationState state, bool otherIsActive) => (command, state) switch
    {
        (Connect, _) when otherIsActive => Refuse(Refusal.IntegrationActive),
        (Connect connect, { Exists: false }) => Append(new IntegrationConnected(connect.Vendor, connect.VendorAccountId)),
        (Connect, _) => Refuse(Refusal.IntegrationActive),
        (_, { Exists: false }) => Refuse(Refusal.IntegrationUnknown),
        (Disconnect, { Active: true }) => Append(new IntegrationDisconnected()),
        (Disconnect, _) => Refuse(Refusal.IntegrationNotActive),
        (Reactivate, { Active: false }) when !otherIsActive => Append(new IntegrationReactivated()),
        (Reactivate, _) => Refuse(Refusal.IntegrationActive),
        _ => throw new InvalidOperationException($"No rule for {command.GetType().Name}."),
    };

    public static IntegrationState Evolve(IntegrationState state, IntegrationEvent @event, DateTimeOffset recordedAt)
    {
        var next = (state, @event) switch
        {
            ({ Exists: false }, IntegrationConnected connected) => new IntegrationState(0, true, connected.Vendor, connected.VendorAccountId, recordedAt),
            ({ Active: true }, IntegrationDisconnected) => state with { Active = false },
            ({ Exists: true, Active: false }, IntegrationReactivated) => state with { Active = true },
            _ => throw new InvalidOperationException($"{@event.GetType().Name} at version {state.Version}: corrupt integration stream."),
        };
        return next with { Version = state.Version + 1 };
    }

    private static Decision<IntegrationEvent> Append(IntegrationEvent @event) => new Decision<IntegrationEvent>.Append(@event);
    private static Decision<IntegrationEvent> Refuse(Refusal reason) => new Decision<IntegrationEvent>.Refuse(reason);
}
