using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Proof.Tiles;

namespace Ledger.Api.Native.Log;

/// <summary>Why a question to the log has no answer.</summary>
internal static class LogFaults
{
    public static Fault Empty { get; } = Fault.NotFound("log_empty", "The log has no event yet, and so no checkpoint. An event is in the log about a second after it was recorded.");

    public static Fault NoSize { get; } = Fault.NotFound("checkpoint_not_found", "A size is a whole number of events.");

    public static Fault UnknownEvent { get; } = Fault.NotFound("event_not_found", "There is no such event.");

    public static Fault NotLoggedYet { get; } = Fault.NotFound("event_not_logged", "The event is recorded and not in the log yet. It will be in about a second.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Fault NoTilePath { get; } = Fault.BadRequest("invalid_tile_path",
        $"That is no path of a tile: level 0 to {Tile.MaxLevel} or the word entries, then the number in groups of three digits, all but the last after an x (0/x001/234), and for a part of a tile .p/ and its width, 1 to 255.");

    /// <param name="size">Of the log.</param>
    public static Fault NoTile(long size) => Fault.NotFound("tile_not_found", string.Create(CultureInfo.InvariantCulture, $"The log has {size} events, and so no such tile, or not all of it. A part of a tile is asked for by its width."));

    /// <param name="next">Size of the smallest checkpoint that is larger.</param>
    public static Fault NoCheckpoint(long size, long? next) => Fault.NotFound("checkpoint_not_found", string.Create(CultureInfo.InvariantCulture,
        $"No checkpoint was made when the log had {size} events. {(next is null ? "It has not that many." : $"The next one was made at {next}.")}"));

    /// <summary>Where the stored tree was cut, the reader of its tiles says so.</summary>
    public static async ValueTask<object?> TellDamageAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (FormatException damage)
        {
            return new FaultResult(Damaged(damage.Message));
        }
    }

    /// <summary>An event was taken out of the history, or the stored tree was cut: something is wrong with the database, and nothing can be proven past it.</summary>
    public static Fault Damaged(string what) => new(FaultKind.Internal, "log_damaged", $"The stored history is damaged: {what}");
}
