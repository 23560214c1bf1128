using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.Domain.Records;

/// <summary>
/// Tells whether a record sent again is the record we have: SHA-256 over its content with members sorted, so that neither
/// the order of members nor white space makes a revision. The stage is left out: a change of stage alone is its own event.
/// </summary>
/// <remarks>What is hashed is the content as <see cref="EventJson"/> writes it, each object's members in ordinal order, stage <c>ready</c>. Written by hand: it is done for every record that comes in.</remarks>
public static class ContentHash
{
    public static string Of(RecordContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes)) Write(writer, content);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.WrittenSpan, hash);
        return Convert.ToBase64String(hash);
    }

    private static void Write(Utf8JsonWriter json, RecordContent content)
    {
        json.WriteStartObject();
        Text(json, "account", content.Account);
        Amount(json, content.Amount);
        Text(json, "contraAccount", content.ContraAccount);
        Free(json, "counterparty", content.Counterparty);
        Time(json, "createdAt", content.CreatedAt);
        Free(json, "facets", content.Facets);
        Free(json, "files", content.Files);
        json.WriteString("kind", Words<RecordKind>.Of(content.Kind));
        json.WriteStartArray("lines");
        foreach (var line in content.Lines)
        {
            json.WriteStartObject();
            Text(json, "account", line.Account);
            Amount(json, line.Amount);
            Text(json, "id", line.Id);
            json.WriteString("side", Words<LineSide>.Of(line.Side));
            Free(json, "tags", line.Tags);
            Text(json, "text", line.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Time(json, "postedAt", content.PostedAt);
        json.WriteString("sourceType", Words<SourceType>.Of(content.SourceType));
        json.WriteString("stage", Words<Stage>.Of(Stage.Ready));
        Text(json, "text", content.Text);
        Time(json, "updatedAt", content.UpdatedAt);
        Free(json, "user", content.User);
        json.WriteEndObject();
    }

    private static void Amount(Utf8JsonWriter json, Money amount)
    {
        json.WriteStartObject("amount");
        json.WriteString("currency", amount.Currency);
        json.WriteNumber("value", amount.Value);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    // As a text, whose plus sign is escaped; the writer's own form of a time would leave it.
    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time) json.WriteString(name, time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));
    }

    private static void Free(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is not { } element) return;
        json.WritePropertyName(name);
        WriteSorted(json, element);
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static class Words<T> where T : struct, Enum
    {
        private static readonly Dictionary<T, JsonEncodedText> Names =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())));

        public static JsonEncodedText Of(T value) => Names[value];
    }
}
