using Ledger.Domain;
using Ledger.Domain.Records;

namespace Ledger.Projections.Records;

/// <summary>A record's state with its id: what commands decide on.</summary>
public sealed record RecordSnapshot(RecordId Id, RecordState State);

/// <summary>A record changed by one append.</summary>
/// <param name="Content">The new content; null when only its standing changed.</param>
public sealed record RecordChange(RecordId Id, RecordState Before, RecordState After, RecordContent? Content);
