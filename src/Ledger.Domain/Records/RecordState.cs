namespace Ledger.Domain.Records;

/// <summary>A record as its stream tells it.</summary>
/// <param name="Version">Events in its stream; 0: never registered.</param>
/// <param name="ReadySince">When it last became ready, or was revised while ready; null while it is not.</param>
/// <param name="RevisedAt">Recorded time of the last change of content; what <c>updated_at</c> is when the platform gives none.</param>
public sealed record RecordState(
    long Version, long Number, Guid Uuid, string ContentHash, Stage Stage, bool Withdrawn,
    DateTimeOffset RegisteredAt, DateTimeOffset RevisedAt, DateTimeOffset ChangedAt, DateTimeOffset? ReadySince)
{
    public static RecordState NotRegistered { get; } = new(0, 0, Guid.Empty, "", Stage.Prepare, false, default, default, default, null);

    public bool IsRegistered => Version > 0;

    /// <summary>Offered to every system that has not exported it.</summary>
    public bool IsReady => IsRegistered && Stage == Stage.Ready && !Withdrawn;
}
