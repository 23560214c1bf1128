using System.Net;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.ThePast;

/// <summary>While the sealer is held up, by a lock on its row.</summary>
public sealed class BeforeSealingTests
{
    private const string Erp = "/ledger/v1/systems/erp";

    [Fact]
    public async Task The_past_is_not_moved_by_what_committed_late_and_now_is_not_answered_without_it()
    {
        await using var host = new LedgerHost();
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        await tenant.Http.PostJsonAsync($"{Erp}/results", """{"results":[{"record_id":"r-1","outcome":"exported"}]}""");
        await tenant.SealedAsync();
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        async Task<string> ThenAsync() => (await tenant.Http.AskAsync($"{Erp}/not-exported?as_of_position=4")).Text + (await tenant.Http.AskAsync("/ledger/v1/systems?as_of_position=4")).Text;
        var then = await ThenAsync();

        await using (var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var hold = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(new NpgsqlCommand("set local idle_in_transaction_session_timeout = 0; select epoch from ledger.sealer for update", connection));
            await ReportLateAsync(dataSource, tenant);

            (await ThenAsync()).ShouldBe(then, "not sealed");
            var now = await tenant.Http.AskAsync($"{Erp}/not-exported?as_of=2999-01-01T00:00:00Z");
            (now.Status, now.Json.Text("code")).ShouldBe((HttpStatusCode.ServiceUnavailable, "not_sealed_yet"));
            now.Headers.RetryAfter.ShouldNotBeNull();
            (await tenant.Http.AskAsync($"{Erp}/not-exported?as_of=2020-01-01T00:00:00Z")).Status.ShouldBe(HttpStatusCode.OK, "that past is long sealed");
            await hold.RollbackAsync(TestContext.Current.CancellationToken);
        }
        await tenant.SealedAsync();

        (await ThenAsync()).ShouldBe(then, "sealed");
        (await tenant.Http.AskAsync($"{Erp}/not-exported?as_of=2999-01-01T00:00:00Z")).Ok().GetProperty("items").GetArrayLength().ShouldBe(1);
        (await tenant.Http.AskAsync("/ledger/v1/diff?from=4&to=5")).Ok().GetProperty("differences").Each("record_id").ShouldBe(["r-2"]);
    }

    // As a slow writer leaves it: the recorded time is taken a day before the commit.
    private static async Task ReportLateAsync(NpgsqlDataSource dataSource, TestTenant tenant)
    {
        await using var late = dataSource.CreateCommand("""
            with event as (
              insert into ledger.mt_events (id, stream_id, version, data, type, "timestamp", tenant_id, correlation_id, headers)
              values (gen_random_uuid(), 'item/erp/r-2', 1, '{}', 'record_marked_exported', now() - interval '1 day', $1, 'late', '{"actor":"a","dialect":"native"}') returning "timestamp"),
            item as (
              insert into ledger.items (tenant_id, system_id, record_id, number, version, exported_since, last_exported_at, changed_at)
              select $1, 'erp', 'r-2', r.number, 1, e."timestamp", e."timestamp", e."timestamp" from event e, ledger.records r where r.tenant_id = $1 and r.record_id = 'r-2'),
            counts as (
              insert into ledger.system_counts (tenant_id, system_id, slot, offered, exported, failed) values ($1, 'erp', 31, -1, 1, 0)
              on conflict (tenant_id, system_id, slot) do update set offered = system_counts.offered - 1, exported = system_counts.exported + 1)
            delete from ledger.pending where tenant_id = $1 and record_id = 'r-2'
            """);
        late.Parameters.Add(new() { Value = tenant.Id });
        await late.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlCommand command)
    {
        await using (command) await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
