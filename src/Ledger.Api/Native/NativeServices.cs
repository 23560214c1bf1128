using Ledger.Api.Hosting;
using Ledger.Api.Native.History;
using Ledger.Projections.Jobs;
using Ledger.Projections.Past;
using Ledger.Projections.Records;
using Ledger.Projections.Timelines;

namespace Ledger.Api.Native;

/// <summary>What only the native API asks for.</summary>
internal static class NativeServices
{
    public static IServiceCollection AddNative(this IServiceCollection services)
    {
        services.AddForRequests<RecordPages>().AddForRequests<JobListing>().AddForRequests<TimelinePages>();
        services.AddForRequests<Moments>().AddForRequests<PastStates>().AddForRequests<PastCounts>();
        services.AddSingleton(provider => new PastQueue(provider.GetRequiredService<RequestData>().DataSource)).AddSingleton(provider => new Differences(provider.GetRequiredService<RequestData>().DataSource));
        services.AddSingleton(provider => new FilteredFeed(provider.GetRequiredService<EventStore.EventStore>()));
        services.AddForRequests<EventStore.RecordedOrder>();
        services.AddSingleton<SealedSignal>();
        return services.AddHostedService(provider => provider.GetRequiredService<SealedSignal>());
    }
}
