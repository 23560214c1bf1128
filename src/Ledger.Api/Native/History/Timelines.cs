using System.Globalization;
using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Native.Jobs;
using Ledger.Api.Native.Records;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Projections.Jobs;
using Ledger.Projections.Past;
using Ledger.Projections.Records;
using Ledger.Projections.Timelines;

namespace Ledger.Api.Native.History;

/// <summary>Everything that happened to a record, in every system; or to a job and its items.</summary>
internal static class Timelines
{
    private const string Example = $$"""{"events":[{{EventBody.Example}}],"next_cursor":null}""";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/records/{id}/timeline", OfRecordAsync).RequireScope("audit:read")
            .WithSummary("Get the timeline of a record")
            .WithDescription("The record's own events and those of all its systems, oldest first. `position` is the event's place in the tenant's history, null for the instant before it is sealed. " + AsOfQuery.Description)
            .WithPathParameter("id", "The platform's id, percent-encoded.", "INV-2026-0042").WithQueryParameter("system_id", "Only this system, and the record's own events.", "erp")
            .WithAsOf().WithPaging()
            .WithResponseExample(200, "A page of events.", Example).WithResponseMembers(200, AsOfQuery.Members).WithErrors(400, 404);
        routes.MapGet("/jobs/{id}/timeline", OfJobAsync).RequireScope("audit:read")
            .WithSummary("Get the timeline of a job").WithDescription("The job's own events and those of the attempts it made, oldest first. " + AsOfQuery.Description)
            .WithPathParameter("id", "The job's UUID.", "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b")
            .WithAsOf().WithPaging()
            .WithResponseExample(200, "A page of events.", Example).WithResponseMembers(200, AsOfQuery.Members).WithErrors(400, 404);
    }

    private static async Task<IResult> OfRecordAsync(
        HttpContext context, LedgerClient client, RecordPages records, TimelinePages timelines, Moments moments, Cursors cursors, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var system = query.Text("system_id", SystemId.MaxLength) is { } given ? new SystemId(given.Trim()) : (SystemId?)null;
        var id = NativePath.RecordId(context);
        // A history of a record at a moment begins with its registration, or there was no such record.
        return await PageAsync(query, $"timeline/{id}", client, moments, cursors, async question =>
        {
            var page = await timelines.OfRecordAsync(question, id, system, cancellationToken);
            return page.Events.Count > 0 || (question.UpTo is null && await records.FindAsync(client.TenantId, id, cancellationToken) is not null) ? page : null;
        }, GetRecords.Unknown, cancellationToken);
    }

    private static async Task<IResult> OfJobAsync(HttpContext context, LedgerClient client, JobStates jobs, TimelinePages timelines, Moments moments, Cursors cursors, CancellationToken cancellationToken)
    {
        if (await GetJobs.FindAsync(context, client, jobs, cancellationToken) is not { } job) return new FaultResult(GetJobs.Unknown);
        return await PageAsync(new NativeQuery(context), $"timeline/{job.Id}", client, moments, cursors, async question =>
        {
            var page = await timelines.OfJobAsync(question, job.Id, job.State.SystemId, cancellationToken);
            return page.Events.Count > 0 || question.UpTo is null ? page : null;
        }, GetJobs.Unknown, cancellationToken);
    }

    /// <param name="list">Names the history, so that a cursor of one record is none of another.</param>
    /// <param name="read">Null: there is no such history.</param>
    private static async Task<IResult> PageAsync(
        NativeQuery query, string list, LedgerClient client, Moments moments, Cursors cursors, Func<TimelineQuestion, Task<TimelinePage?>> read, Fault unknown, CancellationToken cancellationToken)
    {
        var (asked, limit) = (query.AsOf(), query.Limit());
        if (asked is { } then)
        {
            var (place, refusal) = await PastPlace.ReadAsync(query, cursors, moments, client, list, then, cancellationToken);
            if (place is null) return new FaultResult(refusal!);
            if (await read(new(client.TenantId, Position(place.After), place.Moment.Position, limit)) is not { } past) return new FaultResult(unknown);
            var following = past.Next is { } last ? await place.NextAsync(cursors, client, Text(last), cancellationToken) : null;
            return new EventPage(past.Events, json =>
            {
                json.WriteString("next_cursor", following);
                json.WritePropertyName("as_of");
                json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(AsOfBody.Of(place.Moment), NativeJson.Options));
            });
        }
        var after = await query.PlaceAsync(cursors, list, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (await read(new(client.TenantId, Position(after), null, limit)) is not { } page) return new FaultResult(unknown);
        var next = page.Next is { } position ? await cursors.WriteAsync(list, client.TenantId, Text(position), cancellationToken) : null;
        return new EventPage(page.Events, json => json.WriteString("next_cursor", next));
    }

    private static long Position(string? place) => place is null ? 0 : long.Parse(place, CultureInfo.InvariantCulture);

    private static string Text(long position) => position.ToString(CultureInfo.InvariantCulture);
}
