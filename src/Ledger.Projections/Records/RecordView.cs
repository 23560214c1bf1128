using Ledger.Domain;
using Ledger.Domain.Records;
using Npgsql;

namespace Ledger.Projections.Records;

/// <summary>A record as the platform gave it, with its two other names and its standing.</summary>
/// <param name="PostedAt">The platform's time, or the time of registration.</param>
/// <param name="UpdatedAt">The platform's time, or the time of the last revision.</param>
public sealed record RecordView(
    RecordId Id, RecordState State, RecordKind Kind, SourceType SourceType, Money Amount, DateTimeOffset PostedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    string? Text, string? Account, string? ContraAccount, RecordDetails Details)
{
    internal const string Columns = $"{RecordStates.Columns}, r.kind, r.source_type, r.amount_minor, r.currency, r.posted_at, r.created_at, r.updated_at, r.text, r.account, r.contra_account, r.details";
    internal const int ColumnCount = RecordStates.ColumnCount + 11;

    /// <summary>As the events tell it: what the platform left out is the time the ledger recorded.</summary>
    internal static RecordView Of(RecordId id, RecordState state, RecordContent content) => new(
        id, state, content.Kind, content.SourceType, content.Amount, content.PostedAt ?? state.RegisteredAt, content.CreatedAt ?? state.RegisteredAt, content.UpdatedAt ?? state.RevisedAt,
        content.Text, content.Account, content.ContraAccount, new(content.Lines, content.Counterparty, content.User, content.Files, content.Facets));

    internal static RecordView Read(NpgsqlDataReader row) => Read(row, 0);

    /// <param name="first">The first of <see cref="Columns"/>.</param>
    internal static RecordView Read(NpgsqlDataReader row, int first)
    {
        var (id, state) = RecordStates.Snapshot(row, first);
        var at = first + RecordStates.ColumnCount;
        return new(
            id, state, ReadModels.Parse<RecordKind>(row.GetString(at)), ReadModels.Parse<SourceType>(row.GetString(at + 1)), new(row.GetInt64(at + 2), row.GetString(at + 3)),
            row.GetFieldValue<DateTimeOffset>(at + 4), row.GetFieldValue<DateTimeOffset>(at + 5), row.GetFieldValue<DateTimeOffset>(at + 6),
            row.Text(at + 7), row.Text(at + 8), row.Text(at + 9), RecordDetails.From(row.GetFieldValue<byte[]>(at + 10)));
    }
}
