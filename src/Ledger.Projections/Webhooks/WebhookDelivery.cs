namespace Ledger.Projections.Webhooks;

/// <summary>A delivery whose time has come.</summary>
public readonly record struct DueDelivery(string TenantId, string SubscriptionId, string Id);

/// <summary>What is to be sent.</summary>
/// <param name="Attempts">Made so far.</param>
/// <param name="Round">Attempts since it was created or last re-sent.</param>
public sealed record OutgoingDelivery(string TenantId, string SubscriptionId, string ClientId, string Id, string Url, byte[] Body, int Attempts, int Round);

/// <param name="StatusCode">Null: there was no answer.</param>
/// <param name="Error">Null: it was accepted.</param>
public sealed record WebhookAttempt(int Number, DateTimeOffset At, int DurationMs, int? StatusCode, string? Error);

/// <summary>A delivery as its log shows it.</summary>
public sealed record WebhookDelivery(
    string Id, string SubscriptionId, string EventType, string Status, int AttemptCount, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? DeliveredAt, IReadOnlyList<WebhookAttempt> Attempts);

/// <summary>What an attempt leads to.</summary>
public abstract record DeliveryVerdict
{
    public sealed record Delivered : DeliveryVerdict;

    public sealed record Retry(DateTimeOffset At) : DeliveryVerdict;

    /// <param name="Subscription">What becomes of the subscription.</param>
    public sealed record GiveUp(WebhookStatus Subscription) : DeliveryVerdict;

    private DeliveryVerdict() { }
}
