using Ledger.Faults.Fuzzing;

namespace Ledger.Faults.Lines;

/// <summary>Every line, in the order of the table. A new one is one entry here and one file beside this one.</summary>
internal static class Campaign
{
    public static IReadOnlyList<Line> Lines =>
    [
        KilledService.AtAnyMoment,
        KilledService.BeforeTransaction,
        KilledService.HalfSent,
        KilledService.BeforeCommit,
        KilledService.AfterCommit,
        KilledDatabase.AtAnyMoment,
        BrokenConnections.Reset,
        BrokenConnections.Frozen,
        FullDisk.Line,
        JumpingClocks.Line,
        FrozenSealer.Line,
        RacingSealers.Line,
        RebuiltReadModels.Line,
        PromotedStandby.Synchronous,
        PromotedStandby.Asynchronous,
        RepeatedRequests.Line,
        SchemaFuzzing.Malformed,
        SchemaFuzzing.Oversize,
        SchemaFuzzing.Injected,
        StrangersIds.Line,
        ForgedCredentials.Line,
        RestoredBackup.Line,
        StoppedService.Line,
        RacingWriters.Line,
        IdleConnections.Line,
    ];
}
