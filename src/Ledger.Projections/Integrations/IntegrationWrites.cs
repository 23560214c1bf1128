using Ledger.Domain;
using Ledger.Domain.Integrations;
using Npgsql;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Integrations;

/// <summary>A partner connection changed by one append.</summary>
public sealed record IntegrationChange(IntegrationId Id, IntegrationState Before, IntegrationState After);

/// <summary>Keeps <c>integrations</c>. Its unique index is the last word on "at most one active": a second one makes the append fail.</summary>
internal static class IntegrationWrites
{
    private const string Upsert = """
        insert into ledger.integrations (tenant_id, integration_id, version, vendor, vendor_account_id, active, connected_at)
        select $1, u.integration_id, u.version, u.vendor, u.vendor_account_id, u.active, ledger.at_commit(u.connected_at)
          from unnest($2::varchar[], $3::bigint[], $4::varchar[], $5::varchar[], $6::boolean[], $7::timestamptz[]) as u (integration_id, version, vendor, vendor_account_id, active, connected_at)
        on conflict (tenant_id, integration_id) do update set version = excluded.version, active = excluded.active
        """;

    public static void AddTo(NpgsqlBatch batch, string tenantId, IReadOnlyList<IntegrationChange> rows)
    {
        if (rows.Count == 0) return;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Upsert)
        {
            Parameters =
            {
                Text(tenantId), Texts(rows, row => row.Id.Value), Longs(rows, row => row.After.Version), Texts(rows, row => row.After.Vendor),
                Texts(rows, row => row.After.VendorAccountId), Booleans(rows, row => row.After.Active), Times(rows, row => row.After.ConnectedAt),
            },
        });
    }
}
