using Ledger.Api.Input;
using Ledger.Api.Security;
using Ledger.Api.Webhooks.Delivery;
using Ledger.Clients;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

/// <summary>A subscription as it is written.</summary>
internal sealed record SubscriptionBody(string Id, string? GroupId, string Url, IReadOnlyList<string> EventTypes, string Status)
{
    public const int MaxUrlLength = 2_048;

    public const string Example = """
        {"id":"wsub_0199a1b27c3d7e4f8a5b6c7d8e9f0a1b","group_id":null,"url":"https://erp.example.com/hooks/ledger","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"],"status":"ACTIVE"}
        """;

    public static SubscriptionBody Of(WebhookSubscription subscription) =>
        new(subscription.Id, subscription.GroupId, subscription.Url, subscription.EventTypes, WebhookSubscriptions.NameOf(subscription.Status));

    /// <summary>A client sees its own subscriptions; one that may operate the tenant's ledger sees all of the tenant's.</summary>
    public static string? Owner(LedgerClient client) => client.Has(LedgerScopes.Admin) ? null : client.ClientId;

    public static string? ReadUrl(JsonMembers members, bool allowPrivate)
    {
        if (members.RequiredString("url", 1, MaxUrlLength) is not { } url) return null;
        if (ReceiverAddress.Refuse(url, allowPrivate) is { } reason) members.Fault("url", reason);
        return url;
    }

    public static IReadOnlyList<string> ReadEventTypes(JsonMembers members)
    {
        var types = members.RequiredStrings("event_types", 1, WebhookEventTypes.Known.Count * 2, 100).Distinct(StringComparer.Ordinal).ToList();
        foreach (var unknown in types.Where(type => !WebhookEventTypes.Known.Contains(type))) members.Fault("event_types", $"'{unknown}' is no event type.");
        return types;
    }
}
