using System.Text.Json;

namespace Ledger.Domain.Records;

public enum RecordKind { AccountingEntry, AccountingRecord, Expense }

public enum SourceType { Card, Reimbursement, Bill, Invoice, Other }

/// <summary>How far the platform has prepared a record. Only <see cref="Ready"/> records are offered for export.</summary>
public enum Stage { Prepare, Review, Ready }

public enum LineSide { Debit, Credit }

/// <param name="Value">In minor units of the currency: 1250 EUR is EUR 12.50. May be negative.</param>
/// <param name="Currency">ISO 4217 letters.</param>
public readonly record struct Money(long Value, string Currency);

/// <param name="Tags">As the platform gave them: an array of strings or objects.</param>
public sealed record RecordLine(string? Id, LineSide Side, Money Amount, string? Account, string? Text, JsonElement? Tags);

/// <summary>What the platform says about a record: the canonical core, and per dialect what only that dialect shows.</summary>
/// <param name="PostedAt">Null: the time the record was registered.</param>
/// <param name="CreatedAt">The platform's own time; null: the time the record was registered.</param>
/// <param name="UpdatedAt">The platform's own time; null: the time of the last revision.</param>
/// <param name="Facets">Object keyed by dialect (<c>accounting_entries</c> …): stored and returned as given.</param>
public sealed record RecordContent(
    RecordKind Kind, SourceType SourceType, Stage Stage, Money Amount,
    DateTimeOffset? PostedAt, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt,
    string? Text, string? Account, string? ContraAccount, IReadOnlyList<RecordLine> Lines,
    JsonElement? Counterparty, JsonElement? User, JsonElement? Files, JsonElement? Facets)
{
    public const int MaxLines = 1_000;
}
