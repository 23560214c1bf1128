namespace Ledger.Domain.Records;

/// <summary>A fact in a <c>record/{recordId}</c> stream: what the platform told us about a record.</summary>
public abstract record RecordEvent
{
    /// <param name="Number">The record's number in this tenant; see <see cref="RecordIdentity"/>.</param>
    /// <param name="ContentHash">See <see cref="Records.ContentHash"/>; kept here so that a replay needs no recomputation over re-ordered JSON.</param>
    public sealed record RecordRegistered(long Number, Guid Uuid, RecordContent Content, string ContentHash) : RecordEvent;

    /// <summary>The platform sent other content; a withdrawn record comes back by it.</summary>
    public sealed record RecordRevised(RecordContent Content, string ContentHash) : RecordEvent;

    public sealed record RecordStageChanged(Stage Stage) : RecordEvent;

    /// <summary>The platform took the record back. Its history stays; it is offered to nobody.</summary>
    public sealed record RecordWithdrawn : RecordEvent;

    private RecordEvent() { }
}
