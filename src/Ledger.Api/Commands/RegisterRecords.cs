using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.Projections.Records;
using Ledger.Projections.Writing;

namespace Ledger.Api.Commands;

/// <summary>A record as the platform sent it.</summary>
public sealed record IncomingRecord(RecordId Id, RecordContent Content)
{
    public RecordContent Content
    {
        get;
        init => (field, Hash) = (value, ContentHash.Of(value));
    } = Content;

    /// <summary>Of the content. Computed where the record is read, which is not where the database is waited for.</summary>
    public string Hash { get; private init; } = ContentHash.Of(Content);
}

public enum Registration { Registered, Revised, Unchanged }

/// <param name="Version">Events in the record's stream.</param>
public sealed record RegisteredRecord(RecordId Id, Registration Status, long Number, Guid Uuid, long Version);

/// <summary>Registers records, or revises those that are known: an upsert by id, in one transaction.</summary>
public sealed class RegisterRecords(CommandRunner runner, RecordStates states, LargeWrites large)
{
    public const int MaxPerCall = 5_000;

    /// <param name="records">1 to <see cref="MaxPerCall"/>. A repeated id is taken as sent one after the other.</param>
    /// <param name="turn">Of a series that overlaps, whose numbers are to be drawn in the order of the series.</param>
    /// <returns>One answer per record, in the order sent.</returns>
    public async Task<IReadOnlyList<RegisteredRecord>> HandleAsync(CommandContext context, IReadOnlyList<IncomingRecord> records, CancellationToken cancellationToken, Turn? turn = null)
    {
        using var room = await large.EnterAsync(context, records.Count, cancellationToken);
        var ids = records.Select(record => record.Id).Distinct().ToList();
        return await runner.RunAsync<IReadOnlyList<RegisteredRecord>>(context, async (write, token) =>
        {
            var known = await states.LoadAsync(context.TenantId, ids, token);
            if (turn is not null) await turn.ComesAsync(token);
            var identities = await IdentitiesAsync(context.TenantId, [.. ids.Where(id => !known.ContainsKey(id))], token);
            turn?.Pass();
            var answers = Decide(records, known, identities, write);
            return _ => answers;
        }, cancellationToken);
    }

    private static List<RegisteredRecord> Decide(
        IReadOnlyList<IncomingRecord> records, Dictionary<RecordId, RecordSnapshot> known, Dictionary<RecordId, (long Number, Guid Uuid)> identities, LedgerWrite write)
    {
        var states = new Dictionary<RecordId, RecordState>();
        var events = new Dictionary<RecordId, List<RecordEvent>>();
        var answers = new List<RegisteredRecord>(records.Count);
        for (var index = 0; index < records.Count; index++)
        {
            var (id, content) = records[index];
            var before = states.TryGetValue(id, out var current) ? current : known.GetValueOrDefault(id)?.State ?? RecordState.NotRegistered;
            var (number, uuid) = before.IsRegistered ? (before.Number, before.Uuid) : identities[id];
            var after = before;
            if (RecordDecider.Decide(new RecordCommand.Register(number, uuid, content, records[index].Hash), before) is Decision<RecordEvent>.Append append)
            {
                after = append.Events.Aggregate(before, (state, @event) => RecordDecider.Evolve(state, @event, EventStore.RecordedTime.AtCommit));
                if (!events.TryGetValue(id, out var appended)) events.Add(id, appended = []);
                appended.AddRange(append.Events);
            }
            states[id] = after;
            var status = !before.IsRegistered ? Registration.Registered : after.Version > before.Version ? Registration.Revised : Registration.Unchanged;
            answers.Add(new(id, status, number, uuid, after.Version));
        }
        foreach (var (id, appended) in events) write.Append(known.GetValueOrDefault(id) ?? new(id, RecordState.NotRegistered), appended);
        return answers;
    }

    // An id that is a number or a UUID names its record by itself, unless another record has that name already.
    private async Task<Dictionary<RecordId, (long Number, Guid Uuid)>> IdentitiesAsync(string tenantId, List<RecordId> fresh, CancellationToken cancellationToken)
    {
        if (fresh.Count == 0) return [];
        var own = fresh.ToDictionary(id => id, id => (Number: RecordIdentity.NumberOf(id), Uuid: RecordIdentity.UuidOf(tenantId, id)));
        // Only an id that is a name itself has another to go back to; most are neither, and ask nothing.
        var (numbers, uuids) = (own.Values.Select(name => name.Number).OfType<long>().ToList(), fresh.Where(RecordIdentity.IsUuid).Select(id => own[id].Uuid).ToList());
        var (takenNumbers, takenUuids) = numbers.Count + uuids.Count == 0 ? (new HashSet<long>(), new HashSet<Guid>()) : await states.TakenAsync(tenantId, numbers, uuids, cancellationToken);
        var unnumbered = fresh.Where(id => own[id].Number is not { } number || !takenNumbers.Add(number)).ToHashSet();
        var next = unnumbered.Count == 0 ? 0 : await states.DrawNumbersAsync(tenantId, unnumbered.Count, cancellationToken);
        return fresh.ToDictionary(id => id, id =>
        {
            var number = unnumbered.Contains(id) ? next++ : own[id].Number!.Value;
            return (number, takenUuids.Add(own[id].Uuid) ? own[id].Uuid : RecordIdentity.DerivedUuid(tenantId, id));
        });
    }
}
