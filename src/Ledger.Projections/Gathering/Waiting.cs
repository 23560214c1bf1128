namespace Ledger.Projections.Gathering;

/// <summary>One caller's work in a <see cref="GatheringQueue{TWork, TResult, TGroup}"/>, and the answer it waits for.</summary>
internal abstract class Waiting<TResult>() : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>A group runs in the context of its first member: traces name somebody who waits for it, never who came long before.</summary>
    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    private readonly long _since = Environment.TickCount64;

    public TimeSpan Waited => TimeSpan.FromMilliseconds(Environment.TickCount64 - _since);

    /// <summary>Shares nothing any more: it was in a group that failed, and must get an answer of its own.</summary>
    public bool Alone { get; set; }
}
