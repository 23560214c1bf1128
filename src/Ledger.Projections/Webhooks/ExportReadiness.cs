using Ledger.Domain;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Ledger.EventStore;
using Ledger.Projections.Records;
using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Webhooks;

/// <summary>A record that became ready for the tenant's active integration by the event at this position.</summary>
public sealed record ReadyRecord(string RecordId, WebhookFact Fact);

/// <summary>
/// Which events made a record ready for export, judged by the history up to each event and nothing later: asked again after a
/// crash, or a week late, the answer is the same.
/// </summary>
public sealed class ExportReadiness(EventStore.EventStore store, NpgsqlDataSource dataSource)
{
    private const int RecordsAtOnce = 100;

    /// <param name="facts">Of one tenant, in order.</param>
    public async Task<List<ReadyRecord>> OfAsync(string tenantId, IReadOnlyList<WebhookFact> facts, CancellationToken cancellationToken)
    {
        if (facts.Count == 0) return [];
        var vendors = await VendorsAsync(tenantId, facts[^1].Position, cancellationToken);
        var candidates = new List<Candidate>();
        foreach (var fact in facts)
        {
            if (vendors.LastOrDefault(change => change.Position <= fact.Position).Vendor is not { } vendor) continue;
            if (fact.StreamId.StartsWith(StreamIds.RecordPrefix, StringComparison.Ordinal)) candidates.Add(new(fact, new(fact.StreamId[StreamIds.RecordPrefix.Length..]), new(vendor)));
            else if (StreamIds.TryParseItem(fact.StreamId, out var system, out var record) && system.Value == vendor) candidates.Add(new(fact, record, system));
        }
        var ready = new HashSet<WebhookFact>(ReferenceEqualityComparer.Instance);
        // A record that was just registered has no past to look at.
        ready.UnionWith(candidates.Where(candidate => candidate.Fact.Type == "record_registered").Select(candidate => candidate.Fact));
        foreach (var chunk in candidates.Where(candidate => candidate.Fact.Type != "record_registered").Chunk(RecordsAtOnce)) await JudgeAsync(tenantId, chunk, ready, cancellationToken);
        return [.. candidates.Where(candidate => ready.Contains(candidate.Fact)).Select(candidate => new ReadyRecord(candidate.Record.Value, candidate.Fact))];
    }

    private sealed record Candidate(WebhookFact Fact, RecordId Record, SystemId System);

    private async Task JudgeAsync(string tenantId, Candidate[] candidates, HashSet<WebhookFact> ready, CancellationToken cancellationToken)
    {
        var streams = candidates.SelectMany(candidate => new[] { StreamIds.Of(candidate.Record), StreamIds.Of(candidate.System, candidate.Record) }).ToList();
        var history = (await store.ReadStreamsAsync(tenantId, streams, upToPosition: candidates[^1].Fact.Position, cancellationToken: cancellationToken)).ToLookup(recorded => recorded.StreamId);
        foreach (var (fact, record, system) in candidates)
        {
            var (ofRecord, ofItem) = (history[StreamIds.Of(record)].ToList(), history[StreamIds.Of(system, record)].ToList());
            if (IsReady(ofRecord, ofItem, fact.Position) && !IsReady(ofRecord, ofItem, fact.Position - 1)) ready.Add(fact);
        }
    }

    private static bool IsReady(List<RecordedEvent> ofRecord, List<RecordedEvent> ofItem, long position)
    {
        var record = ofRecord.Where(recorded => recorded.Position <= position).Aggregate(RecordState.NotRegistered,
            (state, recorded) => RecordDecider.Evolve(state, (RecordEvent)EventTypes.Deserialize(recorded.Type, recorded.Data), recorded.RecordedAt));
        var item = ofItem.Where(recorded => recorded.Position <= position).Aggregate(ItemState.Untouched,
            (state, recorded) => ItemEvolution.Evolve(state, (ItemEvent)EventTypes.Deserialize(recorded.Type, recorded.Data), recorded.RecordedAt));
        return !record.Withdrawn && ReviewStatuses.Of(record, item.IsExported, item.Failure?.At) == ReviewStatus.ReadyForExport;
    }

    /// <returns>From which position on the integration of which vendor was active; null: none.</returns>
    private async Task<List<(long Position, string? Vendor)>> VendorsAsync(string tenantId, long upToPosition, CancellationToken cancellationToken)
    {
        var streams = new List<string>();
        await using (var command = dataSource.CreateCommand("select integration_id from ledger.integrations where tenant_id = $1"))
        {
            command.Parameters.Add(Text(tenantId));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) streams.Add(StreamIds.Of(new IntegrationId(reader.GetString(0))));
        }
        var changes = new List<(long, string?)>();
        if (streams.Count == 0) return changes;
        var states = new Dictionary<string, IntegrationState>();
        foreach (var recorded in await store.ReadStreamsAsync(tenantId, streams, upToPosition: upToPosition, cancellationToken: cancellationToken))
        {
            var @event = (IntegrationEvent)EventTypes.Deserialize(recorded.Type, recorded.Data);
            states[recorded.StreamId] = IntegrationDecider.Evolve(states.GetValueOrDefault(recorded.StreamId, IntegrationState.None), @event, recorded.RecordedAt);
            changes.Add((recorded.Position!.Value, states.Values.FirstOrDefault(state => state.Active)?.Vendor));
        }
        return changes;
    }
}
