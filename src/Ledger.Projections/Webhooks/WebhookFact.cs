namespace Ledger.Projections.Webhooks;

/// <summary>A sealed event that somebody may have to be told about.</summary>
/// <param name="Data">Only of a job that was created; of a record, its name is enough.</param>
public sealed record WebhookFact(
    long Sequence, string TenantId, long Position, string StreamId, string Type, string? CorrelationId, Guid EventId, DateTimeOffset RecordedAt, byte[]? Data);

/// <summary>A stretch of the sealed history.</summary>
/// <param name="Through">Everything up to this sequence is covered by <paramref name="Facts"/>.</param>
public sealed record WebhookPage(long Through, IReadOnlyList<WebhookFact> Facts);

/// <summary>Who is to be told of one type of event.</summary>
/// <param name="SincePosition">Only of what comes after it.</param>
/// <param name="OrganizationId">The platform's own name for the tenant.</param>
public sealed record WebhookSubscriber(string TenantId, string SubscriptionId, string EventType, long SincePosition, string OrganizationId);

public sealed record NewDelivery(string TenantId, string SubscriptionId, string EventType, byte[] Body);
