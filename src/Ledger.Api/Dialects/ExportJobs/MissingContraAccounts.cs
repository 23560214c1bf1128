using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>
/// Whether a mapping is missing is something only the platform knows, so only what it says counts: an explicit
/// <c>"contraAccount": null</c> in the facet of an entry whose type moves a balance, with no contra account on the record itself.
/// </summary>
internal static class MissingContraAccounts
{
    public static IReadOnlyList<string> Currencies(IReadOnlyList<UnmappedRecord> unmapped) =>
        [.. unmapped.Where(record => EntryType.NeedsContraAccount(EntryType.Of(record.Type, record.SourceType, record.Kind))).Select(record => record.Currency).Distinct()];
}
