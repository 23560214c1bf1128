using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

public sealed class ContendedItemsTests
{
    [Fact]
    public async Task Q8_an_update_that_could_not_be_stored_is_an_error_of_its_element_and_writes_nothing()
    {
        await using var host = LedgerHost.WithClock(new ManualClock(new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero)));
        var (client, tenant) = await JobsClient.NewAsync(host);
        var registered = await tenant.RegisterAsync(ARecord.Named("contended"));
        var entry = registered[0].Uuid;
        var job = await client.StartedJobAsync([entry]);
        var before = await tenant.CountEventsAsync();
        // Every append of a result loses, as if another writer were always first.
        await using (var losing = (await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            create function ledger.always_lose() returns trigger language plpgsql as
              $$ begin raise exception using errcode = '23505', message = 'somebody was first'; end $$;
            create trigger always_lose before insert on ledger.mt_events for each row when (new.type = 'item_exported') execute function ledger.always_lose();
            """))
        {
            await losing.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var answer = await client.PutAsync(job, Item(entry, "successful", "JE-1"));

        answer.Status.ShouldBe(200);
        answer.Rows.ShouldBeEmpty();
        var error = answer.Errors.ShouldHaveSingleItem();
        (error.GetProperty("accountingEntryId").GetGuid(), error.Text("type")).ShouldBe((entry, "ACCOUNTING_ENTRY_UPDATE_FAILED"));
        (await tenant.CountEventsAsync()).ShouldBe(before);
        (await client.GetItemAsync(job, entry)).Text("status").ShouldBe("pending");
    }
}
