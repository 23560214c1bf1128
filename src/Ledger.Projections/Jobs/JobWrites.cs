using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Jobs;

/// <summary>Keeps <c>jobs</c> after events of the jobs themselves; the counts follow their items.</summary>
internal static class JobWrites
{
    private const string Upsert = """
        insert into ledger.jobs as j (tenant_id, job_id, version, status, system_id, origin, batch_id, created_by, is_interactive, vendor_based_bookkeeping, number_of_items,
                                      created_at, started_at, completed_at, expired_at, failure_type, failure_reason, changed_at, last_updated_at,
                                      pending, in_progress, successful, failed, abandoned, cancelled)
        select $1, u.job_id, u.version, u.status, u.system_id, u.origin, u.batch_id, u.created_by, u.is_interactive, u.vendor_based_bookkeeping, u.number_of_items,
               ledger.at_commit(u.created_at), ledger.at_commit(u.started_at), ledger.at_commit(u.completed_at), ledger.at_commit(u.expired_at), u.failure_type, u.failure_reason,
               ledger.at_commit(u.changed_at), ledger.recorded_at(), 0, 0, 0, 0, 0, 0
          from unnest($2::uuid[], $3::bigint[], $4::varchar[], $5::varchar[], $6::varchar[], $7::varchar[], $8::uuid[], $9::boolean[], $10::boolean[], $11::int[],
                      $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::varchar[], $17::varchar[], $18::timestamptz[])
               as u (job_id, version, status, system_id, origin, batch_id, created_by, is_interactive, vendor_based_bookkeeping, number_of_items,
                     created_at, started_at, completed_at, expired_at, failure_type, failure_reason, changed_at)
         order by u.job_id
        on conflict (tenant_id, job_id) do update
           set version = excluded.version, status = excluded.status, started_at = excluded.started_at, completed_at = excluded.completed_at, expired_at = excluded.expired_at,
               failure_type = excluded.failure_type, failure_reason = excluded.failure_reason, changed_at = excluded.changed_at, last_updated_at = greatest(j.last_updated_at, excluded.last_updated_at)
        """;

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<JobChange> rows)
    {
        if (rows.Count == 0) return;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Upsert)
        {
            Parameters =
            {
                Text(tenantId), Guids(rows, row => row.Id.Value), Longs(rows, row => row.After.Version), Texts(rows, row => ReadModels.Name(row.After.Status)),
                Texts(rows, row => row.After.SystemId.Value), Texts(rows, row => ReadModels.Name(row.After.Origin)), Texts(rows, row => row.After.BatchId),
                NullableGuids(rows, row => row.After.CreatedBy), Booleans(rows, row => row.After.IsInteractive), Booleans(rows, row => row.After.VendorBasedBookkeeping),
                Ints(rows, row => row.After.NumberOfItems), Times(rows, row => row.After.CreatedAt), Times(rows, row => row.After.StartedAt), Times(rows, row => row.After.CompletedAt),
                Times(rows, row => row.After.ExpiredAt), Texts(rows, row => row.After.FailureType), Texts(rows, row => row.After.FailureReason), Times(rows, row => row.After.ChangedAt),
            },
        });
    }
}
