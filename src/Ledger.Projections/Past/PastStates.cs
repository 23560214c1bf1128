using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Jobs;
using Ledger.Projections.Records;
using Npgsql;

namespace Ledger.Projections.Past;

public sealed record PastItem(RecordState Record, ItemState Item);

/// <summary>States at a past moment, folded from the events up to its position: the cost is that of the streams' own histories.</summary>
public sealed class PastStates(NpgsqlDataSource dataSource)
{
    private const int Chunk = 500;

    /// <returns>Null when there was no such record.</returns>
    public async Task<PastItem?> ItemAsync(string tenantId, SystemId system, RecordId record, long position, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(ItemAsOf.Command(tenantId, system, record, position));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ItemAsOf.ReadAsync(reader, cancellationToken);
    }

    /// <summary>The state at a moment as the caller names it: one round trip when that is a position, two when it is a time.</summary>
    /// <returns>No state when the moment has none: there was no such record, or the answer says why it cannot be given.</returns>
    public async Task<(MomentAnswer Moment, PastItem? State)> ItemAsync(string tenantId, SystemId system, RecordId record, AskedMoment asked, CancellationToken cancellationToken)
    {
        if (asked.Position is not { } position)
        {
            var answer = await new Moments(dataSource).FindAsync(tenantId, asked, cancellationToken);
            return (answer, answer is MomentAnswer.Found found ? await ItemAsync(tenantId, system, record, found.Moment.Position, cancellationToken) : null);
        }
        await using var batch = dataSource.CreateBatch(tenantId);
        // The head is read first: up to it, whatever the later statements see is final.
        Moments.AddTo(batch, tenantId, position);
        batch.BatchCommands.Add(ItemAsOf.Command(tenantId, system, record, position));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var moment = await Moments.ReadAsync(reader, position, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (moment, moment is MomentAnswer.Found ? await ItemAsOf.ReadAsync(reader, cancellationToken) : null);
    }

    /// <returns>Null when there was no such record.</returns>
    public async Task<RecordView?> RecordAsync(string tenantId, RecordId record, long position, CancellationToken cancellationToken)
    {
        var stream = StreamIds.Of(record);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var events = await new PastEvents(connection, tenantId).ReadAsync([stream], position, cancellationToken);
        return PastFold.RecordView(record, events.GetValueOrDefault(stream), position);
    }

    /// <summary>The job and its counts: the histories of its items are read, some hundred at a time.</summary>
    /// <returns>Null when there was no such job.</returns>
    public async Task<JobSnapshot?> JobAsync(string tenantId, JobId job, long position, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var past = new PastEvents(connection, tenantId);
        var state = PastFold.Job((await past.ReadAsync([StreamIds.Of(job)], position, cancellationToken)).GetValueOrDefault(StreamIds.Of(job)), position);
        if (!state.Exists) return null;
        var counts = new int[Enum.GetValues<AttemptStatus>().Length];
        var lastUpdatedAt = state.ChangedAt;
        for (var after = -1; ;)
        {
            var (records, last) = await RecordsAsync(connection, tenantId, job, after, cancellationToken);
            if (records.Count == 0) break;
            after = last;
            var streams = await past.ReadAsync(records.Select(record => StreamIds.Of(state.SystemId, record)), position, cancellationToken);
            foreach (var attempt in streams.Values.SelectMany(events => PastFold.AttemptsOf(job, events, position)))
            {
                counts[(int)attempt.Status]++;
                if (attempt.ChangedAt > lastUpdatedAt) lastUpdatedAt = attempt.ChangedAt;
            }
        }
        int Count(AttemptStatus status) => counts[(int)status];
        return new(job, state, new JobCounts(Count(AttemptStatus.Pending), Count(AttemptStatus.InProgress), Count(AttemptStatus.Successful),
            Count(AttemptStatus.Failed), Count(AttemptStatus.Abandoned), Count(AttemptStatus.Cancelled)), lastUpdatedAt);
    }

    // An attempt's row is never taken away, so the items of today are all that ever were.
    private static async Task<(List<RecordId> Records, int Last)> RecordsAsync(NpgsqlConnection connection, string tenantId, JobId job, int after, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Tenancy.ActFor(tenantId),
                new("select record_id, ordinal from ledger.attempts where tenant_id = $1 and job_id = $2 and ordinal > $3 order by ordinal limit $4")
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<Guid> { TypedValue = job.Value },
                        new NpgsqlParameter<int> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = Chunk },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (records, last) = (new List<RecordId>(), after);
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(new(reader.GetString(0)));
            last = reader.GetInt32(1);
        }
        return (records, last);
    }
}
