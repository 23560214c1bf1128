using System.Globalization;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore.Log;
using Ledger.Proof.Notes;

namespace Ledger.Api.Native.Log;

/// <summary>The public keys that checkpoints are verified with. To trust them, get them once by another way than this.</summary>
internal static class LogVerifierKeys
{
    private const string VerifierKey = "export-ledger+b9dd1c4a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";

    private const string Example = $$"""
        {"keys":[{"name":"export-ledger","key_id":"b9dd1c4a","verifier_key":"{{VerifierKey}}","algorithm":"ecdsa-p256-sha256",
         "added_at":"2026-01-01T08:00:00Z","retires_at":null,"signing":true}]}
        """;

    private sealed record Body(IEnumerable<KeyBody> Keys);

    private sealed record KeyBody(string Name, string KeyId, string VerifierKey, string Algorithm, DateTimeOffset AddedAt, DateTimeOffset? RetiresAt, bool Signing);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/log/key", HandleAsync).RequireScope("audit:read")
        .WithSummary("Get the keys that checkpoints are verified with")
        .WithDescription("""
            Every key that ever signed, oldest first; retired ones stay, because what they signed stays good. `verifier_key` is the form of C2SP signed-note. `Accept: text/plain` gives only those, one a line. A key that is
            replaced signs beside its successor until `retires_at`. Whoever verifies should have got the key once by another way than from the server that is to be verified.
            """)
        .WithResponseExample(200, "The keys.", Example).WithResponseExample(200, "", VerifierKey + "\n", "text/plain");

    private static async Task<IResult> HandleAsync(HttpContext context, LogKeys keys, CancellationToken cancellationToken)
    {
        var bodies = (await keys.ListAsync(cancellationToken)).Select(Of).ToList();
        return context.Request.Headers.Accept.ToString().Contains("text/plain", StringComparison.OrdinalIgnoreCase)
            ? Results.Text(string.Concat(bodies.Select(key => key.VerifierKey + "\n")), "text/plain; charset=utf-8")
            : NativeJson.Ok(new Body(bodies));
    }

    private static KeyBody Of(LogKey stored)
    {
        using var key = stored.ToNoteKey();
        return new(key.Name, key.Id.ToString("x8", CultureInfo.InvariantCulture), key.VerifierKey, NoteKey.Algorithm, stored.AddedAt, stored.RetiresAt, stored.IsSigning);
    }
}
