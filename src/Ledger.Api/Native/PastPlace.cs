using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Security;
using Ledger.Projections.Past;

namespace Ledger.Api.Native;

/// <summary>
/// A place in a list about the past. Its cursor carries the moment of the first page, so that all pages speak for one position, and belongs to the moment asked for: with another
/// one it is no cursor of the list. The same page has the same cursor for ever.
/// </summary>
internal sealed record PastPlace(string List, Moment Moment, string? After)
{
    /// <param name="list">Names the list, and everything that decides what is in it but the moment.</param>
    public static async Task<(PastPlace? Place, Fault? Fault)> ReadAsync(
        NativeQuery query, Cursors cursors, Moments moments, LedgerClient client, string list, AskedMoment asked, CancellationToken cancellationToken)
    {
        var name = $"{list}@{asked}";
        var cursor = await query.PlaceAsync(cursors, name, client.TenantId, cancellationToken);
        if (query.Fault is { } fault) return (null, fault);
        // A cursor opens no door to the client it was not given to.
        if (AsOfQuery.Refusal(client) is { } forbidden) return (null, forbidden);
        if (cursor is not null)
        {
            var parts = cursor.Split('/', 3);
            return (new(name, MomentOf(parts[0], parts[1]), parts[2]), null);
        }
        var (moment, refusal) = await moments.FindAsync(client, asked, cancellationToken);
        return moment is null ? (null, refusal) : (new(name, moment, null), null);
    }

    public ValueTask<string> NextAsync(Cursors cursors, LedgerClient client, string after, CancellationToken cancellationToken) =>
        cursors.WriteAsync(List, client.TenantId, $"{Text(Moment)}/{after}", cancellationToken);

    public static string Text(Moment moment) => string.Create(CultureInfo.InvariantCulture, $"{moment.Position}/{moment.Time?.UtcTicks ?? -1}");

    public static Moment MomentOf(string position, string time) =>
        new(long.Parse(position, CultureInfo.InvariantCulture), long.Parse(time, CultureInfo.InvariantCulture) is >= 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
}
