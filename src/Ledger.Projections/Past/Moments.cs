using System.Globalization;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Past;

/// <summary>A moment of the past as a caller names it: by time, by position, or neither, which is now.</summary>
public readonly record struct AskedMoment(DateTimeOffset? Time, long? Position)
{
    public static AskedMoment Now { get; }

    /// <summary>The same moment has the same text: what cursors of its lists are bound to.</summary>
    public override string ToString() =>
        Position is { } position ? string.Create(CultureInfo.InvariantCulture, $"position {position}")
        : Time is { } time ? string.Create(CultureInfo.InvariantCulture, $"time {time.UtcTicks}") : "now";
}

/// <summary>What an answer about the past speaks for: exactly the events at or before a position of the tenant's sealed history.</summary>
/// <param name="Time">The time asked for; of a position, the latest recorded time up to it; null at position 0.</param>
public sealed record Moment(long Position, DateTimeOffset? Time);

public abstract record MomentAnswer
{
    public sealed record Found(Moment Moment) : MomentAnswer;

    /// <param name="Head">The last sealed position.</param>
    public sealed record BeyondHead(long Head) : MomentAnswer;

    /// <summary>The sealer has not numbered yet what was committed before the question; the same question will be answered shortly.</summary>
    public sealed record NotSealedYet : MomentAnswer;

    private MomentAnswer() { }
}

/// <summary>Finds the position an answer about a moment speaks for (docs/adr/0012).</summary>
public sealed class Moments(NpgsqlDataSource dataSource)
{
    private readonly RecordedOrder _order = new(dataSource);

    /// <remarks>
    /// Once something recorded after the time is sealed, the answer is always the same. Until then it is the head, and whatever had been committed before the question
    /// is waited for: a write that was acknowledged is in the answer. A time that lies ahead is answered as now.
    /// </remarks>
    public async Task<MomentAnswer> FindAsync(string tenantId, AskedMoment asked, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        if (asked.Position is { } position)
        {
            AddTo(batch, tenantId, position);
            await using var places = await batch.ExecuteReaderAsync(cancellationToken);
            return await ReadAsync(places, position, cancellationToken);
        }
        var time = asked.Time ?? DateTimeOffset.MaxValue;
        batch.BatchCommands.Add(AsOf.Command(tenantId));
        batch.BatchCommands.Add(RecordedOrder.PositionAt(tenantId, time));
        AsOf now;
        PositionAt found;
        await using (var times = await batch.ExecuteReaderAsync(cancellationToken))
        {
            now = await AsOf.ReadAsync(times, cancellationToken);
            await times.NextResultAsync(cancellationToken);
            found = await RecordedOrder.ReadPositionAsync(times, cancellationToken);
        }
        if (!found.IsFinal)
        {
            if (!await _order.WaitUntilSealedAsync(tenantId, cancellationToken)) return new MomentAnswer.NotSealedYet();
            found = await _order.PositionAtAsync(tenantId, time, cancellationToken);
        }
        return new MomentAnswer.Found(new(found.Position, found.IsFinal || time <= now.Time ? time : now.Time));
    }

    /// <summary>The two questions about a position as the caller names it: is it there, and what was recorded last up to it.</summary>
    internal static void AddTo(NpgsqlBatch batch, string tenantId, long position)
    {
        batch.BatchCommands.Add(AsOf.Command(tenantId));
        batch.BatchCommands.Add(RecordedOrder.MomentOf(tenantId, position));
    }

    /// <summary>Their answers; the reader stays at the second.</summary>
    internal static async Task<MomentAnswer> ReadAsync(NpgsqlDataReader reader, long position, CancellationToken cancellationToken)
    {
        var now = await AsOf.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return position > now.Position ? new MomentAnswer.BeyondHead(now.Position) : new MomentAnswer.Found(new(position, await RecordedOrder.ReadMomentAsync(reader, cancellationToken)));
    }
}
