using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Native.Records;

internal sealed record LineBody(string? Id, LineSide Side, Money Amount, string? Account, string? Text, JsonElement? Tags);

/// <summary>A record as the native API shows it: what the platform gave, the two other names, its standing.</summary>
internal sealed record RecordBody(
    string Id, long Number, Guid Uuid, long Version, RecordKind Kind, SourceType SourceType, Stage Stage, bool Withdrawn, Money Amount,
    DateTimeOffset PostedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Text, string? Account, string? ContraAccount, IEnumerable<LineBody> Lines,
    JsonElement? Counterparty, JsonElement? User, JsonElement? Files, JsonElement? Facets, DateTimeOffset RegisteredAt, DateTimeOffset RevisedAt, DateTimeOffset ChangedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AsOfBody? AsOf)
{
    public static RecordBody Of(RecordView record) => Of(record, null);

    /// <param name="asOf">Of an answer about the past.</param>
    public static RecordBody Of(RecordView record, AsOfBody? asOf) => new(
        record.Id.Value, record.State.Number, record.State.Uuid, record.State.Version, record.Kind, record.SourceType, record.State.Stage, record.State.Withdrawn, record.Amount,
        record.PostedAt, record.CreatedAt, record.UpdatedAt, record.Text, record.Account, record.ContraAccount,
        record.Details.Lines.Select(line => new LineBody(line.Id, line.Side, line.Amount, line.Account, line.Text, line.Tags)),
        record.Details.Counterparty, record.Details.User, record.Details.Files, record.Details.Facets, record.State.RegisteredAt, record.State.RevisedAt, record.State.ChangedAt, asOf);
}
