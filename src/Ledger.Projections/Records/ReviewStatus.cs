using Ledger.Domain.Records;

namespace Ledger.Projections.Records;

/// <summary>How far a record is on its way into one system, in the words of reviewers. Defined for records that are not withdrawn.</summary>
public enum ReviewStatus { Prepare, Review, ReadyForExport, Exported }

/// <summary>The rule, once for a loaded record and once as a condition of a query; a test holds the two together.</summary>
public static class ReviewStatuses
{
    /// <param name="failedAt">When the last export failed, if nothing has superseded that failure.</param>
    /// <remarks>A failure sends a ready record back to review, until it is sent again: made ready anew, corrected, re-opened or requested.</remarks>
    public static ReviewStatus Of(RecordState record, bool exported, DateTimeOffset? failedAt) =>
        exported ? ReviewStatus.Exported
        : record.Stage == Stage.Prepare ? ReviewStatus.Prepare
        : record.Stage == Stage.Review || failedAt >= record.ReadySince ? ReviewStatus.Review
        : ReviewStatus.ReadyForExport;

    /// <summary>Over aliases <c>r</c> (records) and <c>i</c> (items, left joined).</summary>
    internal static string Sql(ReviewStatus status) => status switch
    {
        ReviewStatus.Exported => "i.exported_since is not null",
        ReviewStatus.Prepare => "i.exported_since is null and r.stage = 'prepare'",
        ReviewStatus.Review => "i.exported_since is null and (r.stage = 'review' or (r.stage = 'ready' and i.failure_at >= r.ready_since))",
        _ => "i.exported_since is null and r.ready_since is not null and (i.failure_at is null or i.failure_at < r.ready_since)",
    };
}
