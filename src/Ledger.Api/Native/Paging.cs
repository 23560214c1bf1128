using Ledger.Api.Input;
using Ledger.Api.OpenApi;

namespace Ledger.Api.Native;

/// <summary>What every list of the native API has in common.</summary>
internal static class Paging
{
    /// <summary>The place the request's <c>cursor</c> names; null without one. A cursor that is not ours is a fault of the query.</summary>
    public static async ValueTask<string?> PlaceAsync(this NativeQuery query, Cursors cursors, string list, string tenantId, CancellationToken cancellationToken)
    {
        if (query.Text("cursor", 512) is not { } cursor) return null;
        var place = await cursors.ReadAsync(list, tenantId, cursor, cancellationToken);
        if (place is null) query.Refuse("cursor", "Is not a cursor of this list.");
        return place;
    }

    public static TBuilder WithPaging<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder
        .WithQueryParameter("limit", "1 to 1000 per page; 100 unless given.", "100")
        .WithQueryParameter("cursor", "`next_cursor` of the page before.", "q1Xb0o3tQ0m6mJr3b0c6fzEwMDAwMDAwMDAwMDE");
}
