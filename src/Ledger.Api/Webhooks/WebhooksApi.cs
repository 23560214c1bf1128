using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Webhooks.Delivery;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks;

/// <summary>Webhooks: subscriptions as partners know them under <c>/v1/webhooks</c>, and under <c>/ledger/v1/webhooks</c> what those leave out. docs/webhooks.md</summary>
internal static class WebhooksApi
{
    public const string Document = "webhooks";

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var partner = routes.MapGroup("/v1/webhooks").WithErrorShape(WebhookErrors.Shape).WithGroupName(Document).WithTags("Subscriptions");
        CreateSubscription.Map(partner);
        ReadSubscriptions.Map(partner);
        UpdateSubscription.Map(partner);
        DeleteSubscription.Map(partner);
        ReadSecrets.Map(partner);

        var native = routes.MapGroup("/ledger/v1/webhooks").WithErrorShape(NativeProblems.Shape).WithGroupName(Document);
        RotateSecrets.Map(native.MapGroup("").WithTags("Secrets"));
        ReadDeliveries.Map(native.MapGroup("").WithTags("Deliveries"));
        ResendDelivery.Map(native.MapGroup("").WithTags("Deliveries"));
    }

    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton(provider => new WebhookClock(provider.GetService<Hosting.RecordedClock>()?.Time ?? TimeProvider.System))
        .AddForRequests<WebhookSubscriptions>().AddForRequests<WebhookSecrets>().AddForRequests<WebhookLog>()
        .AddSingleton<WebhookOutbox>().AddSingleton<ExportReadiness>().AddSingleton<WebhookDeliveries>().AddSingleton<Announcer>().AddSingleton<DeliveryLoop>()
        .AddSingleton(provider => new WebhookSender(provider.GetRequiredService<Hosting.LedgerOptions>().WebhooksAllowPrivate))
        .AddHostedService<WebhookRunner>();
}

/// <summary>The clock of schedules, timestamps and the overlap of secrets; tests that set the recorded time set this, too.</summary>
internal sealed record WebhookClock(TimeProvider Time)
{
    /// <summary>In whole microseconds, as PostgreSQL keeps it.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = Time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }
}
