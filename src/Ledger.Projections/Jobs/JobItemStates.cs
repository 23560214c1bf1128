using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.EventStore;
using Ledger.Projections.Items;
using Ledger.Projections.Records;
using Npgsql;

namespace Ledger.Projections.Jobs;

/// <summary>An item a job works on.</summary>
/// <param name="Own">The attempt the job made; it need not be the item's latest any more.</param>
public sealed record JobItemSnapshot(ItemSnapshot Item, Attempt Own);

/// <summary>Loads what a report on a job decides on, the job and the items named, in one round trip.</summary>
public class JobItemStates(NpgsqlDataSource dataSource)
{
    private const int ItemAt = RecordStates.ColumnCount;
    private const int OwnAt = ItemAt + 25;

    // Nearly always the item's latest attempt is the job's own. Only where it is not, the job's is looked for by the record.
    private const string Items = $"""
        select {RecordStates.Columns}, {ItemStates.ItemColumns},
               o.attempt_id, o.status, o.job_id, o.ordinal, o.opened_by, o.opened_at, o.changed_at, o.external_id, o.external_url, o.reported_at, o.note, o.failure_type, o.failure_reason, o.failure_at,
               j.system_id
          from ledger.jobs j
          join ledger.records r on r.tenant_id = j.tenant_id and r.uuid = any ($3)
          join ledger.items i on i.tenant_id = r.tenant_id and i.system_id = j.system_id and i.record_id = r.record_id
          join ledger.attempts a on a.tenant_id = i.tenant_id and a.attempt_id = i.attempt_id
          left join lateral (
            select * from ledger.attempts x
             where a.job_id is distinct from j.job_id and x.tenant_id = r.tenant_id and x.record_id = r.record_id and x.job_id = j.job_id limit 1) o on true
         where j.tenant_id = $1 and j.job_id = $2 and (a.job_id = j.job_id or o.attempt_id is not null)
        """;

    /// <returns>The job, null when the tenant has none such; PostgreSQL's time; and those of the records that are in the job, by their UUIDs.</returns>
    public virtual async Task<(JobSnapshot? Job, DateTimeOffset Now, Dictionary<Guid, JobItemSnapshot> Items)> LoadAsync(
        string tenantId, JobId job, IReadOnlyCollection<Guid> records, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Tenancy.ActFor(tenantId),
                JobStates.Command(tenantId, job),
                new NpgsqlBatchCommand(Items)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = tenantId }, new NpgsqlParameter<Guid> { TypedValue = job.Value }, new NpgsqlParameter<Guid[]> { TypedValue = [.. records] },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (snapshot, now) = await JobStates.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var items = new Dictionary<Guid, JobItemSnapshot>(records.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            var record = RecordStates.Snapshot(reader);
            var item = new ItemSnapshot(new(reader.GetString(OwnAt + 14)), record.Id, record.State, ItemStates.ReadItem(reader, ItemAt));
            items.Add(record.State.Uuid, new(item, reader.IsDBNull(OwnAt) ? item.Item.Attempt! : ItemStates.ReadAttempt(reader, OwnAt)));
        }
        return (snapshot, now, items);
    }
}
