using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.Api.Errors;

/// <summary>How one contract writes a <see cref="Fault"/>: one instance per dialect, kept in a static field.</summary>
/// <remarks>
/// A dialect derives its shape and names it once, on its route group; that also claims the path prefixes, so that
/// unmatched routes, 401, 405, 413 and 500 below them use the same body:
/// <code>
/// internal sealed class AcmeErrors() : ErrorShape("/acme/v2")
/// {
///     public static readonly AcmeErrors Shape = new();
///     protected override int StatusOf(Fault fault) => fault.Kind is FaultKind.BadRequest ? 422 : base.StatusOf(fault);
///     protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
///     {
///         json.WriteStartObject();
///         json.WriteString("error_code", fault.Code.ToUpperInvariant());
///         json.WriteString("message", fault.Message);
///         json.WriteEndObject();
///     }
/// }
/// var routes = app.MapGroup("/acme/v2").WithErrorShape(AcmeErrors.Shape);
/// </code>
/// An endpoint answers <c>return new FaultResult(fault)</c>.
/// </remarks>
public abstract class ErrorShape(params string[] pathPrefixes)
{
    // Bodies are served as JSON and never inlined into HTML, so quotes and umlauts may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compared as plain text without regard to case: <c>/v3/export-</c> claims <c>/v3/export-jobs</c>. The longest claim wins.</summary>
    public IReadOnlyList<string> PathPrefixes { get; } = pathPrefixes;

    protected virtual string ContentType => "application/json; charset=utf-8";

    protected virtual int StatusOf(Fault fault) => (int)fault.Kind;

    /// <param name="status">What <see cref="StatusOf"/> said, for contracts that repeat it in the body.</param>
    /// <param name="correlationId">Also sent as the header <c>X-Correlation-Id</c>; the logs know a 500 by it.</param>
    protected abstract void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId);

    public virtual Task WriteAsync(HttpContext context, Fault fault)
    {
        var response = context.Response;
        var status = StatusOf(fault);
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (fault.RetryAfter is { } wait)
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, Readable))
            WriteBody(json, fault, status, CorrelationId.Of(context));
        response.ContentLength = body.WrittenCount;
        // Without the request's token: writing to a client that has gone is a no-op, and a cancelled write would look like a fault.
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body.WrittenMemory, CancellationToken.None).AsTask();
    }

    /// <summary>Writes <see cref="Fault.Members"/> into the object that is open.</summary>
    protected static void WriteMembers(Utf8JsonWriter json, Fault fault)
    {
        foreach (var (name, value) in fault.Members)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value);
        }
    }
}
