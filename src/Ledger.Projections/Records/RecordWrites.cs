using Ledger.Projections.Items;
using Ledger.Projections.Writing;
using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Records;

/// <summary>Keeps <c>records</c>, and puts them in (or takes them out of) every known system's queue.</summary>
internal static class RecordWrites
{
    private static readonly string Insert = RecordedOnce.In("""
        insert into ledger.records (tenant_id, record_id, version, number, uuid, stage, withdrawn, content_hash, registered_at, revised_at, changed_at, ready_since,
                                    kind, source_type, amount_minor, currency, posted_at, created_at, updated_at, text, account, contra_account, details)
        select $1, u.record_id, u.version, u.number, u.uuid, u.stage, u.withdrawn, u.content_hash, ledger.at_commit(u.registered_at), ledger.at_commit(u.revised_at),
               ledger.at_commit(u.changed_at), ledger.at_commit(u.ready_since),
               u.kind, u.source_type, u.amount_minor, u.currency, ledger.at_commit(u.posted_at), ledger.at_commit(u.created_at), ledger.at_commit(u.updated_at),
               u.text, u.account, u.contra_account, u.details
          from unnest($2::varchar[], $3::bigint[], $4::varchar[], $5::boolean[], $6::varchar[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
                      $10::varchar[], $11::varchar[], $12::bigint[], $13::varchar[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::varchar[], $18::varchar[], $19::varchar[], $20::jsonb[],
                      $21::bigint[], $22::uuid[], $23::timestamptz[])
               as u (record_id, version, stage, withdrawn, content_hash, revised_at, changed_at, ready_since,
                     kind, source_type, amount_minor, currency, posted_at, created_at, updated_at, text, account, contra_account, details, number, uuid, registered_at)
        """);

    private static readonly string Revise = RecordedOnce.In("""
        update ledger.records r
           set version = u.version, stage = u.stage, withdrawn = u.withdrawn, content_hash = u.content_hash, revised_at = ledger.at_commit(u.revised_at),
               changed_at = ledger.at_commit(u.changed_at), ready_since = ledger.at_commit(u.ready_since), kind = u.kind, source_type = u.source_type, amount_minor = u.amount_minor,
               currency = u.currency, posted_at = ledger.at_commit(u.posted_at), created_at = ledger.at_commit(u.created_at), updated_at = ledger.at_commit(u.updated_at),
               text = u.text, account = u.account, contra_account = u.contra_account, details = u.details
          from unnest($2::varchar[], $3::bigint[], $4::varchar[], $5::boolean[], $6::varchar[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
                      $10::varchar[], $11::varchar[], $12::bigint[], $13::varchar[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::varchar[], $18::varchar[], $19::varchar[], $20::jsonb[])
               as u (record_id, version, stage, withdrawn, content_hash, revised_at, changed_at, ready_since,
                     kind, source_type, amount_minor, currency, posted_at, created_at, updated_at, text, account, contra_account, details)
         where r.tenant_id = $1 and r.record_id = u.record_id
        """);

    private static readonly string Stand = RecordedOnce.In("""
        update ledger.records r
           set version = u.version, stage = u.stage, withdrawn = u.withdrawn, changed_at = ledger.at_commit(u.changed_at), ready_since = ledger.at_commit(u.ready_since)
          from unnest($2::varchar[], $3::bigint[], $4::varchar[], $5::boolean[], $6::varchar[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
               as u (record_id, version, stage, withdrawn, content_hash, revised_at, changed_at, ready_since)
         where r.tenant_id = $1 and r.record_id = u.record_id
        """);

    private static readonly string Offer = RecordedOnce.In($"""
        with offered as (
          insert into ledger.pending (tenant_id, system_id, number, record_id, ready_since)
          select $1, s.system_id, u.number, u.record_id, ledger.at_commit(u.ready_since)
            from unnest($2::bigint[], $3::varchar[], $4::timestamptz[]) as u (number, record_id, ready_since) cross join ledger.systems s
           where s.tenant_id = $1
          on conflict do nothing returning system_id, ready_since),
        counted as (
          select o.system_id, count(*) filter (where o.ready_since is not null) as offered, 0 as exported, 0 as failed from offered o group by o.system_id)
        {QueueWrites.AddCounts}
        """);

    private static readonly string Reoffer = RecordedOnce.In($"""
        with moved as (
          update ledger.pending p set ready_since = ledger.at_commit(u.ready_since)
            from unnest($2::bigint[], $3::timestamptz[], $4::int[]) as u (number, ready_since, difference), ledger.systems s
           where s.tenant_id = $1 and p.tenant_id = $1 and p.system_id = s.system_id and p.number = u.number
          returning p.system_id, u.difference),
        counted as (
          select m.system_id, sum(m.difference) as offered, 0 as exported, 0 as failed from moved m group by m.system_id)
        {QueueWrites.AddCounts}
        """);

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<RecordChange> changes)
    {
        if (changes.Count == 0) return;
        var fresh = changes.Where(change => !change.Before.IsRegistered).ToList();
        var revised = changes.Where(change => change.Before.IsRegistered && change.Content is not null).ToList();
        var standing = changes.Where(change => change.Before.IsRegistered && change.Content is null).ToList();
        if (fresh.Count > 0)
        {
            var insert = WithContent(Standing(new(Insert), tenantId, fresh), fresh);
            insert.Parameters.Add(Longs(fresh, row => row.After.Number));
            insert.Parameters.Add(Guids(fresh, row => row.After.Uuid));
            insert.Parameters.Add(Times(fresh, row => row.After.RegisteredAt));
            batch.BatchCommands.Add(insert);
            batch.BatchCommands.Add(new(Offer) { Parameters = { Text(tenantId), Longs(fresh, row => row.After.Number), Texts(fresh, row => row.Id.Value), Times(fresh, row => row.After.ReadySince) } });
        }
        if (revised.Count > 0) batch.BatchCommands.Add(WithContent(Standing(new(Revise), tenantId, revised), revised));
        if (standing.Count > 0) batch.BatchCommands.Add(Standing(new(Stand), tenantId, standing));
        var moved = changes.Where(change => change.Before.IsRegistered && change.Before.ReadySince != change.After.ReadySince).ToList();
        if (moved.Count == 0) return;
        batch.BatchCommands.Add(new(Reoffer)
        {
            Parameters =
            {
                Text(tenantId), Longs(moved, row => row.After.Number), Times(moved, row => row.After.ReadySince),
                Ints(moved, row => (row.After.IsReady ? 1 : 0) - (row.Before.IsReady ? 1 : 0)),
            },
        });
    }

    private static NpgsqlBatchCommand Standing(NpgsqlBatchCommand command, string tenantId, List<RecordChange> rows)
    {
        command.Parameters.Add(Text(tenantId));
        command.Parameters.Add(Texts(rows, row => row.Id.Value));
        command.Parameters.Add(Longs(rows, row => row.After.Version));
        command.Parameters.Add(Texts(rows, row => ReadModels.Name(row.After.Stage)));
        command.Parameters.Add(Booleans(rows, row => row.After.Withdrawn));
        command.Parameters.Add(Texts(rows, row => row.After.ContentHash));
        command.Parameters.Add(Times(rows, row => row.After.RevisedAt));
        command.Parameters.Add(Times(rows, row => row.After.ChangedAt));
        command.Parameters.Add(Times(rows, row => row.After.ReadySince));
        return command;
    }

    // Times the platform leaves out become the ledger's own: registered for the first two, revised for the last.
    private static NpgsqlBatchCommand WithContent(NpgsqlBatchCommand command, List<RecordChange> rows)
    {
        command.Parameters.Add(Texts(rows, row => ReadModels.Name(row.Content!.Kind)));
        command.Parameters.Add(Texts(rows, row => ReadModels.Name(row.Content!.SourceType)));
        command.Parameters.Add(Longs(rows, row => row.Content!.Amount.Value));
        command.Parameters.Add(Texts(rows, row => row.Content!.Amount.Currency));
        command.Parameters.Add(Times(rows, row => row.Content!.PostedAt ?? row.After.RegisteredAt));
        command.Parameters.Add(Times(rows, row => row.Content!.CreatedAt ?? row.After.RegisteredAt));
        command.Parameters.Add(Times(rows, row => row.Content!.UpdatedAt ?? row.After.RevisedAt));
        command.Parameters.Add(Texts(rows, row => row.Content!.Text));
        command.Parameters.Add(Texts(rows, row => row.Content!.Account));
        command.Parameters.Add(Texts(rows, row => row.Content!.ContraAccount));
        command.Parameters.Add(Jsons(rows, row => RecordDetails.Of(row.Content!)));
        return command;
    }
}
