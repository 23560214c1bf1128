using Ledger.EventStore.Tests.Postgres;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>Both numbers are data, unlike transaction ids, which a dump leaves behind.</summary>
public sealed class DumpAndRestoreTests
{
    [Fact]
    public async Task Both_numbers_survive_and_go_on()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        await DumpAndRestore.SkipUnlessThereAsync(ledger);
        var tenants = new[] { LedgerDatabase.NewTenant(), LedgerDatabase.NewTenant() };
        var sealer = await ledger.LeadAsync();
        await using var open = await HandHeldAppend.BeginAsync(ledger, tenants[0]);
        await open.LockAsync("open", expectedVersion: 0);
        for (var version = 0; version < 10; version++)
        {
            await ledger.Store.MustAppendAsync(tenants[version % 2], Sample.To("a", version / 2));
            if (version == 4) await open.InsertAsync();   // a number that is missing in the dump
            await sealer.SealAllAsync();
        }
        await ledger.Store.MustAppendAsync(tenants[0], Sample.To("unsealed", 0));

        await using var restored = await DumpAndRestore.CopyAsync(ledger);

        (await NumbersAsync(restored)).ShouldBe(await NumbersAsync(ledger));
        var next = await restored.LeadAsync();
        await next.SealAllAsync();
        foreach (var tenant in tenants) await restored.Store.MustAppendAsync(tenant, Sample.To("a", 5));
        await next.SealAllAsync();
        (await restored.ShouldBeSealedCompletelyAsync()).ShouldBe(13);
        (await restored.Store.HeadAsync(tenants[0], TestContext.Current.CancellationToken)).ShouldBe(7);
        await Waiting.UntilAsync("the missing number is settled there", async () => { await next.SealAllAsync(); return await restored.SettledAsync() == await restored.ScalarAsync<long>("select max(seq_id) from ledger.mt_events"); });
    }

    private static Task<string> NumbersAsync(LedgerDatabase ledger) =>
        ledger.ScalarAsync<string>("select string_agg(concat_ws(' ', p.sequence, p.tenant_id, p.position, e.id), E'\n' order by p.sequence) from ledger.event_positions p join ledger.mt_events e using (seq_id)");
}
