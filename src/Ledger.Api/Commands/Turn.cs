namespace Ledger.Api.Commands;

/// <summary>Lets overlapping calls do one thing one after the other, in the order in which their turns were made.</summary>
/// <param name="before">Whose turn is before this one.</param>
public sealed class Turn(Turn? before)
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Turn? _before = before;

    /// <summary>Waits until the turn before has passed; at once when that was seen before, as in a second attempt.</summary>
    public async Task ComesAsync(CancellationToken cancellationToken)
    {
        if (_before is not { } before) return;
        await before._passed.Task.WaitAsync(cancellationToken);
        _before = null;   // a long series must not be kept alive by its end
    }

    /// <summary>Done, or given up.</summary>
    public void Pass() => _passed.TrySetResult();
}
