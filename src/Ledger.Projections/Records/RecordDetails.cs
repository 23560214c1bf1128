using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain;
using Ledger.Domain.Records;

namespace Ledger.Projections.Records;

/// <summary>The part of a record's content that no query looks into: one JSON column.</summary>
public sealed record RecordDetails(IReadOnlyList<RecordLine> Lines, JsonElement? Counterparty, JsonElement? User, JsonElement? Files, JsonElement? Facets)
{
    internal static byte[] Of(RecordContent content) =>
        JsonSerializer.SerializeToUtf8Bytes(new RecordDetails(content.Lines, content.Counterparty, content.User, content.Files, content.Facets), RecordDetailsJson.Default.RecordDetails);

    internal static RecordDetails From(byte[] json) => JsonSerializer.Deserialize(json, RecordDetailsJson.Default.RecordDetails)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(SnakeCase<LineSide>)])]
[JsonSerializable(typeof(RecordDetails))]
internal sealed partial class RecordDetailsJson : JsonSerializerContext;
