using System.Diagnostics.CodeAnalysis;
using Ledger.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>Ids as callers write them. What cannot be an id at all answers like one that is unknown.</summary>
internal static class PathIds
{
    /// <summary>No integration id the ledger makes is as long.</summary>
    private const int LongestIntegrationId = 64;

    public static bool TryRecord(string text, [NotNullWhen(true)] out RecordId? id)
    {
        id = text.Length is >= 1 and <= RecordId.MaxLength * 2 && !text.Contains('\0', StringComparison.Ordinal) ? new RecordId(text) : null;
        return id is not null;
    }

    /// <summary>The record named by the last segment of the address. Routing leaves <c>%2F</c> encoded, so an id with a slash is read from the address as it was sent.</summary>
    public static bool TryRecord(HttpContext context, string routed, [NotNullWhen(true)] out RecordId? id)
    {
        if (routed.Contains("%2F", StringComparison.OrdinalIgnoreCase) && context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target)
            routed = Uri.UnescapeDataString(target.Split('?', 2)[0].TrimEnd('/').Split('/')[^1]);
        return TryRecord(routed, out id);
    }

    public static bool TryIntegration(string text, [NotNullWhen(true)] out IntegrationId? id)
    {
        id = text.Length <= LongestIntegrationId ? new IntegrationId(text) : null;
        return id is not null;
    }
}
