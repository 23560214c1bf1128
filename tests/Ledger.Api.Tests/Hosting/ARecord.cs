using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Domain;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Hosting;

/// <summary>Plausible records for tests that are not about records.</summary>
internal static class ARecord
{
    public static readonly DateTimeOffset BookedAt = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    /// <summary>An accounting entry over 125.00 EUR, ready for export.</summary>
    public static IncomingRecord Named(string id, Stage stage = Stage.Ready, RecordKind kind = RecordKind.AccountingEntry, long amountMinor = 125_00, string currency = "EUR",
        DateTimeOffset? createdAt = null, DateTimeOffset? updatedAt = null, string? text = "Office supplies", object? facets = null) =>
        new(new RecordId(id), new RecordContent(
            kind, SourceType.Card, stage, new Money(amountMinor, currency), BookedAt, createdAt ?? BookedAt, updatedAt ?? createdAt ?? BookedAt, text, "6800", "2400",
            [
                new RecordLine("1", LineSide.Debit, new Money(amountMinor, currency), "6800", text, null),
                new RecordLine("2", LineSide.Credit, new Money(amountMinor, currency), "2400", text, null),
            ],
            Counterparty: null, User: null, Files: null, facets is null ? null : JsonSerializer.SerializeToElement(facets)));

    public static IncomingRecord[] Many(int count, string prefix = "r-") => [.. Enumerable.Range(1, count).Select(number => Named($"{prefix}{number}"))];
}
