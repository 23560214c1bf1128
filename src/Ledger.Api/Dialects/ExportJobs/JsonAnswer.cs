using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>An answer in this contract's media type, written straight into the response.</summary>
internal sealed class JsonAnswer(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) : IResult
{
    public const string MediaType = "application/json;charset=UTF-8";

    // Served as JSON and never inlined into HTML, so quotes and umlauts may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        (response.StatusCode, response.ContentType) = (status, MediaType);
        await using (var json = new Utf8JsonWriter(response.BodyWriter, Readable)) write(json);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}

/// <summary>How values of this contract are spelled.</summary>
internal static class WireValues
{
    /// <summary>UTC to the second, cut off: <c>2026-05-04T08:00:00Z</c>.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        Span<char> text = stackalloc char[20];
        if (time is { } value && value.UtcDateTime.TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)) json.WriteString(name, text);
        else json.WriteNull(name);
    }
}
