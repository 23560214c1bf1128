namespace Ledger.Projections.Webhooks;

/// <summary>Why a subscription gets deliveries or not: <see cref="Error"/> is set by the ledger when it gave up, and ended by an update.</summary>
public enum WebhookStatus { Active, Inactive, Error }

/// <param name="ClientId">Who made it; its secrets sign what is sent.</param>
/// <param name="EventTypes">In the order given, each once.</param>
public sealed record WebhookSubscription(string Id, string ClientId, string? GroupId, string Url, IReadOnlyList<string> EventTypes, WebhookStatus Status)
{
    public static WebhookSubscription Create(string clientId, string? groupId, string url, IReadOnlyList<string> eventTypes) =>
        new(WebhookIds.NewSubscription(), clientId, groupId, url, eventTypes, WebhookStatus.Active);
}
