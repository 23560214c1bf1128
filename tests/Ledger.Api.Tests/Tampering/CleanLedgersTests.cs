using Ledger.Api.Tests.Hosting;
using Ledger.Api.Tests.Native.Log;
using Ledger.Proof.Online;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Tampering;

/// <summary>Nobody is accused who has done nothing.</summary>
public sealed class CleanLedgersTests(LedgerHost host)
{
    private const int Ledgers = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_of_them_are_verified_while_they_grow()
    {
        var dataSource = (await host.ServicesAsync()).GetRequiredService<Npgsql.NpgsqlDataSource>();
        var random = new Random(11);
        var tenants = new List<TestTenant>();
        for (var number = 0; number < Ledgers; number++)
        {
            var tenant = await host.NewTenantAsync();
            await tenant.RegisterAsync(ARecord.Many(number == 0 ? 300 : random.Next(1, 40)));
            await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"r-1","outcome":"exported"}]}""");
            tenants.Add(tenant);
        }
        var remembered = new Dictionary<string, string>();
        foreach (var tenant in tenants)
        {
            await tenant.LoggedAsync(host);
            var report = await VerifyAsync(dataSource, tenant, null);
            remembered[tenant.Id] = report.Note!;
        }
        // More happens, and nobody waits for it: a later visit sees the same history or a longer one.
        foreach (var tenant in tenants) await tenant.Http.PostJsonAsync("/ledger/v1/systems/erp/reopen", """{"record_ids":["r-1"],"reason":"again"}""");
        foreach (var tenant in tenants) await VerifyAsync(dataSource, tenant, remembered[tenant.Id]);
    }

    private static async Task<LogReport> VerifyAsync(Npgsql.NpgsqlDataSource dataSource, TestTenant tenant, string? remembered)
    {
        var report = await new LogVerifier(new StoredLog(dataSource, tenant.Id), null, remembered).VerifyAsync(Token);
        report.Findings.ShouldBeEmpty();
        report.Events.ShouldBeGreaterThan(1);
        return report;
    }
}
