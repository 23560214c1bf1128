using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>
/// Folds every stream from its first event and copies the resulting rows into fresh tables. It shares the domain's fold
/// with the inline read models and nothing else: no SQL, no state in hand. One stream at a time: memory does not grow.
/// </summary>
internal sealed class ReadModelReplay(NpgsqlConnection events, NpgsqlConnection tables, IProgress<long>? progress)
{
    /// <returns>How many events were folded.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        await using (var records = new RowCopy(await tables.BeginBinaryImportAsync(ReplayRows.CopyRecords, cancellationToken)))
        {
            count += await FoldAsync<RecordEvent>(count, async stream =>
            {
                var (state, content) = (RecordState.NotRegistered, (RecordContent?)null);
                foreach (var (@event, at) in stream.Events)
                {
                    state = RecordDecider.Evolve(state, @event, at);
                    content = @event switch { RecordEvent.RecordRegistered registered => registered.Content, RecordEvent.RecordRevised revised => revised.Content, _ => content };
                }
                await ReplayRows.RecordAsync(records, stream, state, content!, cancellationToken);
            }, cancellationToken);
            await records.CompleteAsync(cancellationToken);
        }
        count += await FoldItemsAsync(count, cancellationToken);
        await using (var jobs = new RowCopy(await tables.BeginBinaryImportAsync(ReplayRows.CopyJobs, cancellationToken)))
        {
            count += await FoldAsync<JobEvent>(count, stream => ReplayRows.JobAsync(jobs, stream,
                stream.Events.Aggregate(JobState.None, (state, recorded) => JobDecider.Evolve(state, recorded.Event, recorded.At)), cancellationToken), cancellationToken);
            await jobs.CompleteAsync(cancellationToken);
        }
        await using (var integrations = new RowCopy(await tables.BeginBinaryImportAsync(ReplayRows.CopyIntegrations, cancellationToken)))
        {
            count += await FoldAsync<IntegrationEvent>(count, stream => ReplayRows.IntegrationAsync(integrations, stream,
                stream.Events.Aggregate(IntegrationState.None, (state, recorded) => IntegrationDecider.Evolve(state, recorded.Event, recorded.At)), cancellationToken), cancellationToken);
            await integrations.CompleteAsync(cancellationToken);
        }
        return count;
    }

    // Items and attempts come from the same streams, and one connection copies into one table at a time: two passes.
    private async Task<long> FoldItemsAsync(long before, CancellationToken cancellationToken)
    {
        var count = 0L;
        await using (var items = new RowCopy(await tables.BeginBinaryImportAsync(ReplayRows.CopyItems, cancellationToken)))
        {
            count = await FoldAsync<ItemEvent>(before, stream => ReplayRows.ItemAsync(items, stream,
                stream.Events.Aggregate(ItemState.Untouched, (state, recorded) => ItemEvolution.Evolve(state, recorded.Event, recorded.At)), cancellationToken), cancellationToken);
            await items.CompleteAsync(cancellationToken);
        }
        await using var attempts = new RowCopy(await tables.BeginBinaryImportAsync(ReplayRows.CopyAttempts, cancellationToken));
        await FoldAsync<ItemEvent>(null, async stream =>
        {
            var state = ItemState.Untouched;
            foreach (var (@event, at) in stream.Events)
            {
                // The next request replaces the attempt: what it was before is its final row.
                if (@event is ItemEvent.ExportRequested && state.Attempt is { } replaced) await ReplayRows.AttemptAsync(attempts, stream, replaced, cancellationToken);
                state = ItemEvolution.Evolve(state, @event, at);
            }
            if (state.Attempt is { } latest) await ReplayRows.AttemptAsync(attempts, stream, latest, cancellationToken);
        }, cancellationToken);
        await attempts.CompleteAsync(cancellationToken);
        return count;
    }

    private async Task<long> FoldAsync<TEvent>(long? before, Func<ReplayedStream<TEvent>, Task> fold, CancellationToken cancellationToken) where TEvent : class
    {
        await using var command = new NpgsqlCommand("""
            select tenant_id, stream_id, type, "timestamp", data from ledger.mt_events where type = any ($1) order by tenant_id, stream_id, version
            """, events) { CommandTimeout = 0, Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. EventTypes.NamesOf<TEvent>()] } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        ReplayedStream<TEvent>? current = null;
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            var (tenant, stream) = (reader.GetString(0), reader.GetString(1));
            if (current is null || current.TenantId != tenant || current.StreamId != stream)
            {
                if (current is not null) await fold(current);
                current = new(tenant, stream, []);
            }
            current.Events.Add(((TEvent)EventTypes.Deserialize(reader.GetString(2), reader.GetFieldValue<byte[]>(4)), reader.GetFieldValue<DateTimeOffset>(3)));
            if (++count % 10_000 == 0 && before is { } done) progress?.Report(done + count);
        }
        if (current is not null) await fold(current);
        if (before is { } start) progress?.Report(start + count);
        return count;
    }
}

internal sealed record ReplayedStream<TEvent>(string TenantId, string StreamId, List<(TEvent Event, DateTimeOffset At)> Events);
