using Ledger.Api.Errors;
using Ledger.Api.Native.Export;
using Ledger.Api.Native.History;
using Ledger.Api.Native.Jobs;
using Ledger.Api.Native.Log;
using Ledger.Api.Native.Records;
using Ledger.Api.Native.Systems;

namespace Ledger.Api.Native;

/// <summary>The ledger's own API: for platforms, auditors and operators, what the dialects leave out.</summary>
internal static class NativeApi
{
    public static void MapNative(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/ledger/v1").WithErrorShape(NativeProblems.Shape).WithGroupName("native");
        PostRecords.Map(group.MapGroup("").WithTags("Records"));
        GetRecords.Map(group.MapGroup("").WithTags("Records"));
        ChangeRecords.Map(group.MapGroup("").WithTags("Records"));
        ListSystems.Map(group.MapGroup("").WithTags("Exports"));
        NotExported.Map(group.MapGroup("").WithTags("Exports"));
        PostResults.Map(group.MapGroup("").WithTags("Exports"));
        Reopen.Map(group.MapGroup("").WithTags("Exports"));
        GetItem.Map(group.MapGroup("").WithTags("Exports"));
        GetJobs.Map(group.MapGroup("").WithTags("Jobs"));
        GetDifferences.Map(group.MapGroup("").WithTags("History"));
        Timelines.Map(group.MapGroup("").WithTags("History"));
        EventFeed.Map(group.MapGroup("").WithTags("History"));
        var log = group.MapGroup("").WithTags("Log").AddEndpointFilter(LogFaults.TellDamageAsync);
        LogCheckpoints.Map(log);
        LogProofs.Map(log);
        LogTiles.Map(log);
        LogVerifierKeys.Map(log);
        ExportHistory.Map(log);
        ExportManifest.Map(log);
    }
}
