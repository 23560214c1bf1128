namespace Ledger.Domain.Records;

public abstract record RecordCommand
{
    /// <summary>Registers a record, or revises it.</summary>
    /// <param name="Number">The number it gets if it is new.</param>
    public sealed record Register(long Number, Guid Uuid, RecordContent Content, string ContentHash) : RecordCommand;

    public sealed record ChangeStage(Stage Stage) : RecordCommand;

    public sealed record Withdraw : RecordCommand;

    private RecordCommand() { }
}
