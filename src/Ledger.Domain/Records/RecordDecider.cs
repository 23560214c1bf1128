using static Ledger.Domain.Records.RecordCommand;
using static Ledger.Domain.Records.RecordEvent;

namespace Ledger.Domain.Records;

/// <summary>Rules of a record. Pure.</summary>
public static class RecordDecider
{
    public static Decision<RecordEvent> Decide(RecordCommand command, RecordState state) => (command, state) switch
    {
        (Register register, { IsRegistered: false }) => Append(new RecordRegistered(register.Number, register.Uuid, register.Content, register.ContentHash)),
        (Register register, { Withdrawn: true }) => Append(new RecordRevised(register.Content, register.ContentHash)),
        (Register register, _) when register.ContentHash != state.ContentHash => Append(new RecordRevised(register.Content, register.ContentHash)),
        (Register register, _) when register.Content.Stage != state.Stage => Append(new RecordStageChanged(register.Content.Stage)),
        (Register, _) => new Decision<RecordEvent>.NothingToDo(),
        (_, { IsRegistered: false }) => new Decision<RecordEvent>.Refuse(Refusal.RecordUnknown),
        (Withdraw, { Withdrawn: true }) => new Decision<RecordEvent>.NothingToDo(),
        (Withdraw, _) => Append(new RecordWithdrawn()),
        (ChangeStage, { Withdrawn: true }) => new Decision<RecordEvent>.Refuse(Refusal.RecordWithdrawn),
        (ChangeStage change, _) when change.Stage == state.Stage => new Decision<RecordEvent>.NothingToDo(),
        (ChangeStage change, _) => Append(new RecordStageChanged(change.Stage)),
        _ => throw new InvalidOperationException($"No rule for {command.GetType().Name}."),
    };

    public static RecordState Evolve(RecordState state, RecordEvent @event, DateTimeOffset recordedAt)
    {
        var next = (state, @event) switch
        {
            ({ IsRegistered: false }, RecordRegistered registered) => state with
            {
                Number = registered.Number,
                Uuid = registered.Uuid,
                ContentHash = registered.ContentHash,
                Stage = registered.Content.Stage,
                RegisteredAt = recordedAt,
                RevisedAt = recordedAt,
            },
            ({ IsRegistered: true }, RecordRevised revised) => state with { ContentHash = revised.ContentHash, Stage = revised.Content.Stage, Withdrawn = false, RevisedAt = recordedAt },
            ({ IsRegistered: true }, RecordStageChanged changed) => state with { Stage = changed.Stage },
            ({ IsRegistered: true }, RecordWithdrawn) => state with { Withdrawn = true },
            _ => throw new InvalidOperationException($"{@event.GetType().Name} at version {state.Version}: corrupt record stream."),
        };
        next = next with { Version = state.Version + 1, ChangedAt = recordedAt };
        // New content of a ready record counts as sent again: whoever corrected it after a failure wants it exported.
        return next with { ReadySince = !next.IsReady ? null : state.IsReady && @event is not RecordRevised ? state.ReadySince : recordedAt };
    }

    private static Decision<RecordEvent> Append(RecordEvent @event) => new Decision<RecordEvent>.Append(@event);
}
