using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Clients;
using Ledger.Projections.Past;

namespace Ledger.Api.Native;

/// <summary>What an answer speaks for: everything sealed up to the position is in it. The time is null only at position 0, before anything was recorded.</summary>
internal sealed record AsOfBody(long Position, DateTimeOffset? Time)
{
    public static AsOfBody Of(Moment moment) => new(moment.Position, moment.Time);
}

/// <summary>The parameters <c>as_of</c> and <c>as_of_position</c>, which every answer about the past takes.</summary>
internal static class AsOfQuery
{
    public const string Description =
        "With `as_of` or `as_of_position` (scope `audit:read`) the answer speaks for that moment of the past, that moment included, and names it in `as_of`: "
        + "what it says never changes, whatever happens later. A time that lies ahead is answered as now; a position that does not exist yet is refused.";

    /// <summary>For the schema of an answer whose example speaks of now.</summary>
    public const string Members = """{"as_of":{"position":4711,"time":"2026-01-15T10:01:00Z"}}""";

    /// <returns>Null when neither is given: the caller asks for now.</returns>
    public static AskedMoment? AsOf(this NativeQuery query)
    {
        var (time, position) = (query.Time("as_of"), query.Int64("as_of_position", 0, long.MaxValue));
        if (time is not null && position is not null) query.Refuse("as_of_position", "May not be given together with as_of.");
        return time is null && position is null ? null : new AskedMoment(time, position);
    }

    /// <summary>A moment in one parameter: a position, which is digits only, or a time. Null when it is not given.</summary>
    public static AskedMoment? Moment(this NativeQuery query, string name)
    {
        if (query.Text(name, 64) is not { } text) return null;
        return text.All(char.IsAsciiDigit)
            ? query.Int64(name, 0, long.MaxValue) is { } position ? new AskedMoment(null, position) : null
            : query.Time(name) is { } time ? new AskedMoment(time, null) : null;
    }

    /// <returns>The moment, or why there is no answer.</returns>
    public static async Task<(Moment? Moment, Fault? Fault)> FindAsync(
        this Moments moments, LedgerClient client, AskedMoment asked, CancellationToken cancellationToken, string parameter = "as_of_position") =>
        Refusal(client) is { } forbidden ? (null, forbidden) : Answer(await moments.FindAsync(client.TenantId, asked, cancellationToken), asked, parameter);

    /// <inheritdoc cref="FindAsync"/>
    public static (Moment? Moment, Fault? Fault) Answer(MomentAnswer answer, AskedMoment asked, string parameter = "as_of_position") => answer switch
    {
        MomentAnswer.Found found => (found.Moment, null),
        MomentAnswer.BeyondHead beyond => (null, BeyondHead(asked.Position!.Value, beyond.Head, parameter)),
        _ => (null, NotSealedYet),
    };

    public static TBuilder WithAsOf<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder
        .WithQueryParameter("as_of", "RFC 3339: as it was then.", "2026-01-15T10:00:00Z").WithQueryParameter("as_of_position", "As it was at this position of the tenant's history.", "4711");

    /// <summary>Why the client may not ask the past; null when it may.</summary>
    public static Fault? Refusal(LedgerClient client) => client.Has(LedgerScopes.AuditRead) ? null : new(FaultKind.Forbidden, "forbidden", "Past states need the scope audit:read.");

    private static Fault NotSealedYet { get; } = new(FaultKind.Unavailable, "not_sealed_yet", "What was written last has no position yet. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static Fault BeyondHead(long position, long head, string parameter)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"Position {position} does not exist yet; the last one is {head}.");
        return Fault.BadRequest("position_beyond_head", message) with { Details = [new($"?{parameter}", message)] };
    }
}
