using System.Buffers;

namespace Ledger.Api.Errors;

/// <summary>The name of one business request, end to end: the caller's <c>X-Correlation-Id</c> if it has the right form, else a UUIDv7 of ours.</summary>
/// <remarks>It goes into logs, error bodies and the metadata of every event the request appends, hence the narrow form: 1..64 of letters, digits, <c>- _ . :</c></remarks>
public static class CorrelationId
{
    public const string HeaderName = "X-Correlation-Id";
    private static readonly object ItemKey = new();

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    public static string Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Items.TryGetValue(ItemKey, out var known)) return (string)known!;
        var id = context.Request.Headers[HeaderName] is [{ Length: >= 1 and <= 64 } given] && !given.AsSpan().ContainsAnyExcept(Allowed)
            ? given
            : Guid.CreateVersion7().ToString();
        context.Items[ItemKey] = id;
        return id;
    }
}
