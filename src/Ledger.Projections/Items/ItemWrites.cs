using Ledger.Projections.Writing;
using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Items;

/// <summary>Keeps <c>items</c>, <c>attempts</c>, <c>pending</c> and the counts of systems and jobs after item events: one statement per table, whatever the number of items.</summary>
internal static class ItemWrites
{
    private const string Columns = "system_id, record_id, number, version, exported_since, last_exported_at, external_id, external_url, reported_at, note, attempt_id, failure_type, failure_reason, failure_at, changed_at";

    private const string Input = """
        unnest($2::varchar[], $3::varchar[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::varchar[], $9::varchar[], $10::timestamptz[], $11::varchar[],
               $12::bigint[], $13::varchar[], $14::varchar[], $15::timestamptz[], $16::timestamptz[]) as u (
        """ + Columns + ")";

    private static readonly string Insert = RecordedOnce.In($"""
        insert into ledger.items (tenant_id, {Columns})
        select $1, u.system_id, u.record_id, u.number, u.version, ledger.at_commit(u.exported_since), ledger.at_commit(u.last_exported_at), u.external_id, u.external_url, u.reported_at, u.note,
               u.attempt_id, u.failure_type, u.failure_reason, ledger.at_commit(u.failure_at), ledger.at_commit(u.changed_at)
          from {Input}
        """);

    private static readonly string Update = RecordedOnce.In($"""
        update ledger.items i
           set version = u.version, exported_since = ledger.at_commit(u.exported_since), last_exported_at = ledger.at_commit(u.last_exported_at), external_id = u.external_id,
               external_url = u.external_url, reported_at = u.reported_at, note = u.note, attempt_id = u.attempt_id, failure_type = u.failure_type, failure_reason = u.failure_reason,
               failure_at = ledger.at_commit(u.failure_at), changed_at = ledger.at_commit(u.changed_at)
          from {Input}
         where i.tenant_id = $1 and i.system_id = u.system_id and i.record_id = u.record_id
        """);

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<ItemChange> changes)
    {
        if (changes.Count == 0) return;
        AddRows(batch, Insert, tenantId, [.. changes.Where(change => change.Before.Version == 0)]);
        AddRows(batch, Update, tenantId, [.. changes.Where(change => change.Before.Version > 0)]);
        AttemptWrites.AddTo(batch, tenantId, changes);
        QueueWrites.AddTo(batch, tenantId, changes);
        NumberBlocks.AddTo(batch, tenantId, changes);
    }

    private static void AddRows(NpgsqlBatch batch, string sql, string tenantId, List<ItemChange> rows)
    {
        if (rows.Count == 0) return;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Text(tenantId), Texts(rows, row => row.System.Value), Texts(rows, row => row.RecordId.Value), Longs(rows, row => row.Number), Longs(rows, row => row.After.Version),
                Times(rows, row => row.After.ExportedSince), Times(rows, row => row.After.LastExportedAt),
                Texts(rows, row => row.After.Reference?.ExternalId), Texts(rows, row => row.After.Reference?.ExternalUrl),
                Times(rows, row => row.After.Reference?.ReportedAt), Texts(rows, row => row.After.Reference?.Note),
                NullableLongs(rows, row => row.After.Attempt?.Id.Value),
                Texts(rows, row => row.After.Failure?.Type), Texts(rows, row => row.After.Failure?.Reason), Times(rows, row => row.After.Failure?.At), Times(rows, row => row.After.ChangedAt),
            },
        });
    }
}
