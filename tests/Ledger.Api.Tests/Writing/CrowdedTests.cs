using System.Net;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Writing;

/// <summary>The database is slow, the queue of writes is full: whoever comes now is told at once.</summary>
public sealed class CrowdedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ledger/v1/systems/erp/results", """{"results":[{"record_id":"ID","outcome":"exported"}]}""", "\"code\":\"crowded\"")]
    [InlineData("/v10/accounting-entries/mark-as-exported", """{"accounting_entries":[{"accounting_entry_id":ID,"system_id":"erp"}]}""", "error")]
    public async Task One_too_many_is_answered_503_and_asked_to_come_again(string route, string body, string word)
    {
        await using var host = LedgerHost.WithPatience(new Dictionary<string, string> { ["Ledger:MaxWaitingWrites"] = "1" });
        var tenant = await host.NewTenantAsync();
        string[] ids = ["1", "2", "3", "4"];
        await tenant.RegisterAsync([.. ids.Select(id => ARecord.Named(id))]);
        foreach (var id in ids) (await Report(id)).Status.ShouldBe(HttpStatusCode.OK);   // their items exist now
        var dataSource = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        Task<Answer>[] begun;
        Answer refused;
        await using (var holder = await HoldAsync(dataSource, tenant.Id))
        {
            begun = [Report("1"), Report("2")];
            await UntilTwoWaitAsync(dataSource);
            refused = await await Task.WhenAny(Report("3"), Report("4"));   // one of them may wait, the other one may not
        }

        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refused.Text);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        refused.Text.ShouldContain(word);
        foreach (var answer in await Task.WhenAll(begun)) answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);

        // A second report with another reference, so that there is something to write.
        Task<Answer> Report(string id) => tenant.Http.PostJsonAsync(route, body.Replace("ID", id, StringComparison.Ordinal).Replace("\"exported\"", $"\"exported\",\"note\":\"{Guid.NewGuid()}\"", StringComparison.Ordinal));
    }

    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlDataSource dataSource, string tenant)
    {
        var connection = await dataSource.OpenConnectionAsync(Token);
        var transaction = await connection.BeginTransactionAsync(Token);
        await using var command = new NpgsqlCommand("select count(*) from (select 1 from ledger.mt_streams where tenant_id = $1 and id in ('item/erp/1', 'item/erp/2') order by id for update) held", connection, transaction)
        {
            Parameters = { new() { Value = tenant } },
        };
        (await command.ExecuteScalarAsync(Token)).ShouldBe(2L);
        return transaction;
    }

    private static async Task UntilTwoWaitAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        for (var attempt = 0; (long)(await command.ExecuteScalarAsync(Token))! < 2; attempt++)
        {
            attempt.ShouldBeLessThan(6_000, "two groups should be under way");
            await Task.Delay(10, Token);
        }
    }
}
