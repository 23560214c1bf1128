using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Api.Native;

/// <summary>How the native API writes: snake_case, null members written, UTC times with as many digits as they have.</summary>
internal static class NativeJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new UtcTime() },
    };

    public static IResult Ok<T>(T body) => Results.Json(body, Options);

    /// <summary>The answer of a resource with a version, or 304 when the caller has that version already.</summary>
    public static IResult Versioned<T>(HttpContext context, long version, T body) => Versioned(context, version.ToString(CultureInfo.InvariantCulture), body);

    public static IResult Versioned<T>(HttpContext context, string version, T body)
    {
        var tag = $"\"{version}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        var known = context.Request.Headers.IfNoneMatch;
        return known.Any(value => value is not null && value.Split(',').Any(one => one.Trim() is var given && (given == "*" || given == tag || given == "W/" + tag)))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Ok(body);
    }

    /// <summary>RFC 3339 in UTC: <c>2026-01-31T08:00:00Z</c>, <c>2026-01-31T08:00:00.123456Z</c>.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private sealed class UtcTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
    }
}
