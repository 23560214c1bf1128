using Ledger.Api.Hosting;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>Follows the sealed history and decides who is told what. Only the elected runner calls it.</summary>
internal sealed class Announcer(WebhookOutbox outbox, ExportReadiness readiness, LedgerOptions options, WebhookClock clock)
{
    /// <summary>Announces the next stretch of history.</summary>
    /// <returns>How many deliveries it called for; null when there is nothing left to look at.</returns>
    /// <exception cref="WebhookRunnerFencedException">Another runner leads; nothing was written.</exception>
    public async Task<int?> AdvanceAsync(long epoch, CancellationToken cancellationToken)
    {
        if (await outbox.ReadAsync(epoch, cancellationToken) is not { } page) return null;
        var deliveries = new List<NewDelivery>();
        var tenants = page.Facts.GroupBy(fact => fact.TenantId).ToList();
        if (tenants.Count > 0)
        {
            var subscribers = (await outbox.SubscribersAsync(tenants.Select(tenant => tenant.Key), cancellationToken)).ToLookup(subscriber => (subscriber.TenantId, subscriber.EventType));
            foreach (var tenant in tenants)
            {
                deliveries.AddRange(await RecordsAsync(tenant.Key, [.. tenant], [.. subscribers[(tenant.Key, WebhookEventTypes.RecordReadyForExport)]], cancellationToken));
                deliveries.AddRange(Jobs([.. tenant], [.. subscribers[(tenant.Key, WebhookEventTypes.ExportJobCreated)]]));
            }
        }
        await outbox.CommitAsync(epoch, page.Through, deliveries, clock.Now, cancellationToken);
        return deliveries.Count;
    }

    private async Task<IEnumerable<NewDelivery>> RecordsAsync(string tenantId, List<WebhookFact> facts, List<WebhookSubscriber> subscribers, CancellationToken cancellationToken)
    {
        if (subscribers.Count == 0) return [];
        var since = subscribers.Min(subscriber => subscriber.SincePosition);
        var ready = await readiness.OfAsync(tenantId, [.. facts.Where(fact => fact.Position > since && fact.Type != "job_created")], cancellationToken);
        // One append has one correlation id: what became ready together is announced together.
        return from append in ready.GroupBy(record => record.Fact.CorrelationId)
               from subscriber in subscribers
               from ids in append.Where(record => record.Fact.Position > subscriber.SincePosition).Select(record => record.RecordId).Distinct().Chunk(Announcements.MaxRecords)
               select new NewDelivery(tenantId, subscriber.SubscriptionId, subscriber.EventType, Announcements.RecordsReady(ids, subscriber.OrganizationId));
    }

    private IEnumerable<NewDelivery> Jobs(List<WebhookFact> facts, List<WebhookSubscriber> subscribers) =>
        subscribers.Count == 0 ? [] :
        from fact in facts
        where fact.Type == "job_created"
        let body = Announcements.JobCreated(fact, options.JobExpirySeconds)
        where body is not null
        from subscriber in subscribers
        where fact.Position > subscriber.SincePosition
        select new NewDelivery(fact.TenantId, subscriber.SubscriptionId, subscriber.EventType, body);
}
