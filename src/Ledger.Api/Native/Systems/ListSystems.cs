using System.Text.Json.Serialization;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Projections.Past;
using Ledger.Projections.Systems;

namespace Ledger.Api.Native.Systems;

/// <summary>The systems something was written for, with how much waits in each.</summary>
internal static class ListSystems
{
    private sealed record SystemBody(string SystemId, DateTimeOffset FirstSeenAt, long Offered, long Exported, long Failed, DateTimeOffset? OldestOffered);

    private sealed record Answer(IEnumerable<SystemBody> Systems, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AsOfBody? AsOf);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/systems", HandleAsync).RequireScope("exports:read", "audit:read")
        .WithSummary("List target systems")
        .WithDescription("""
            A system is known once something was written for it. `offered` counts ready records that are not exported, `failed` those of them whose last outcome is a failure;
            `oldest_offered` is since when the longest waiting one has been ready.
            """ + " " + AsOfQuery.Description + " It lists the systems in which something had happened then; its cost is that of what has changed since.")
        .WithAsOf()
        .WithResponseExample(200, "All systems, by id.", SystemExamples.Systems).WithResponseMembers(200, AsOfQuery.Members).WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, SystemCounts counts, PastCounts past, Moments moments, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var asked = query.AsOf();
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (asked is not { } then) return NativeJson.Ok(new Answer((await counts.ListAsync(client.TenantId, cancellationToken)).Select(Body), null));
        var (moment, refusal) = await moments.FindAsync(client, then, cancellationToken);
        return moment is null ? new FaultResult(refusal!) : NativeJson.Ok(new Answer((await past.ListAsync(client.TenantId, moment.Position, cancellationToken)).Select(Body), AsOfBody.Of(moment)));
    }

    private static SystemBody Body(SystemSummary system) => new(system.System.Value, system.FirstSeenAt, system.Offered, system.Exported, system.Failed, system.OldestOfferedSince);
}
