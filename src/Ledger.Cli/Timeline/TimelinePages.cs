using System.Runtime.CompilerServices;
using System.Text.Json;
using Ledger.Cli.Service;

namespace Ledger.Cli.Timeline;

internal static class TimelinePages
{
    /// <summary>The events of a timeline, page after page, until the service names no further cursor.</summary>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(
        LedgerService service, ServiceAddress address, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var answer = await service.GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", cancellationToken);
            var page = answer.Json(address);
            if (!page.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array) throw ServiceAnswer.NotALedger(address);
            foreach (var timelineEvent in events.EnumerateArray()) yield return timelineEvent;
            cursor = page.TryGetProperty("next_cursor", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }
        while (cursor is not null);
    }
}
