using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Systems;

namespace Ledger.Api.Native.Systems;

/// <summary>The systems something was written for, with how much waits in each.</summary>
internal static class ListSystems
{
    private sealed record SystemBody(string SystemId, DateTimeOffset FirstSeenAt, long Offered, long Exported, long Failed, DateTimeOffset? OldestOffered);

    private sealed record Answer(IEnumerable<SystemBody> Systems);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/systems", HandleAsync).RequireScope("exports:read", "audit:read")
        .WithSummary("List target systems")
        .WithDescription("""
            A system is known once something was written for it. `offered` counts ready records that are not exported, `failed` those of them whose last outcome is a failure;
            `oldest_offered` is since when the longest waiting one has been ready.
            """)
        .WithResponseExample(200, "All systems, by id.", SystemExamples.Systems);

    private static async Task<IResult> HandleAsync(LedgerClient client, SystemCounts counts, CancellationToken cancellationToken) =>
        NativeJson.Ok(new Answer((await counts.ListAsync(client.TenantId, cancellationToken))
            .Select(system => new SystemBody(system.System.Value, system.FirstSeenAt, system.Offered, system.Exported, system.Failed, system.OldestOfferedSince))));
}
