using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>What follows from an attempt. After the last wait is over and the attempt has failed too, the subscription is in ERROR.</summary>
internal static class RetrySchedule
{
    public static IReadOnlyList<TimeSpan> Waits { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10),
    ];

    /// <param name="round">Attempts before this one, since the delivery was made or last re-sent.</param>
    public static DeliveryVerdict After(int round, int? statusCode, bool accepted, DateTimeOffset now) =>
        accepted ? new DeliveryVerdict.Delivered()
        : statusCode == StatusCodes.Status410Gone ? new DeliveryVerdict.GiveUp(WebhookStatus.Inactive)   // the receiver says it wants no more
        : round < Waits.Count ? new DeliveryVerdict.Retry(now + Waits[round])
        : new DeliveryVerdict.GiveUp(WebhookStatus.Error);
}
