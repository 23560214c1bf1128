using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;

namespace Ledger.Projections.Items;

/// <summary>One record in one system: what commands decide on.</summary>
public sealed record ItemSnapshot(SystemId System, RecordId RecordId, RecordState Record, ItemState Item);

/// <summary>An item changed by one append.</summary>
/// <param name="ReadySince">The record's, as it was when the command decided; used only when the item becomes not exported again.</param>
public sealed record ItemChange(SystemId System, RecordId RecordId, long Number, DateTimeOffset? ReadySince, ItemState Before, ItemState After);
