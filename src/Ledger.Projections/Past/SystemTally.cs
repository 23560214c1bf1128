using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Systems;

namespace Ledger.Projections.Past;

/// <summary>The counts of one system on their way from now to then: what changed is taken out as it is, and added as it was.</summary>
internal sealed class SystemTally(PastSystem system)
{
    private long _offered, _exported, _failed;
    private DateTimeOffset? _oldest;

    public PastSystem System => system;

    public SystemId Id => system.System;

    public SystemSummary Summary => new(system.System, system.FirstSeenAt, _offered, _exported, _failed, _oldest);

    public void Start(long offered, long exported, long failed) => (_offered, _exported, _failed) = (offered, exported, failed);

    public void Undo(bool ready, bool exported, bool failed) => Count(ready, exported, failed, -1);

    /// <param name="readySince">The record's; null when it was not ready, or did not exist.</param>
    public void Add(DateTimeOffset? readySince, ItemState item)
    {
        Count(readySince is not null, item.IsExported, item.IsFailed, +1);
        if (readySince is { } since && !item.IsExported) Waits(since);
    }

    /// <summary>A record offered then has been ready since.</summary>
    public void Waits(DateTimeOffset since)
    {
        if (_oldest is null || since < _oldest) _oldest = since;
    }

    private void Count(bool ready, bool exported, bool failed, int sign)
    {
        if (ready && !exported) _offered += sign;
        if (exported) _exported += sign;
        if (failed) _failed += sign;
    }
}
