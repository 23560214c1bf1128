using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Records;
using Npgsql;

namespace Ledger.Projections.Past;

/// <summary>Folds an item and its record up to a position while their events come in: nothing is kept but the two states.</summary>
internal static class ItemAsOf
{
    // Positions rise with the versions of a stream: what lies up to a position ends at one version, which is looked for from the stream's end. Only what came
    // after the position costs a look at its own. Two rows of values rather than an array: how many there are stands in the text, so the plan made once is kept.
    private const string Sql = """
        select s.is_item, e.type, e."timestamp", e.data
          from (values (false, $2::varchar), (true, $3::varchar)) as s (is_item, id)
         cross join lateral (
           select x.version from (select version, seq_id from ledger.mt_events where tenant_id = $1 and stream_id = s.id order by version desc offset 0) x
            where (select position from ledger.event_positions where seq_id = x.seq_id) <= $4 order by x.version desc limit 1) last
         cross join lateral (select type, "timestamp", data, version from ledger.mt_events where tenant_id = $1 and stream_id = s.id and version <= last.version offset 0) e
         order by e.version
        """;

    public static NpgsqlBatchCommand Command(string tenantId, SystemId system, RecordId record, long position) => new(Sql)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<string> { TypedValue = StreamIds.Of(record) },
            new NpgsqlParameter<string> { TypedValue = StreamIds.Of(system, record) }, new NpgsqlParameter<long> { TypedValue = position },
        },
    };

    /// <returns>Null when there was no such record.</returns>
    public static async Task<PastItem?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var (record, item) = (RecordState.NotRegistered, ItemState.Untouched);
        while (await reader.ReadAsync(cancellationToken))
        {
            var @event = EventTypes.Deserialize(reader.GetString(1), reader.GetFieldValue<byte[]>(3));
            var recordedAt = reader.GetFieldValue<DateTimeOffset>(2);
            if (reader.GetBoolean(0)) item = ItemEvolution.Evolve(item, (ItemEvent)@event, recordedAt);
            else record = RecordDecider.Evolve(record, (RecordEvent)@event, recordedAt);
        }
        return record.IsRegistered ? new(record, item) : null;
    }
}
