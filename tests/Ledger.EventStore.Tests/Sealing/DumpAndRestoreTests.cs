using System.Diagnostics;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.EventStore.Tests.Sealing;

/// <summary>Both numbers are data, unlike transaction ids, which a dump leaves behind.</summary>
public sealed class DumpAndRestoreTests
{
    [Fact]
    public async Task Both_numbers_survive_and_go_on()
    {
        await using var ledger = await LedgerDatabase.CreateAsync();
        var folder = await ledger.ScalarAsync<string>("select setting from pg_config where name = 'BINDIR'");
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "pg_dump")) && File.Exists(Path.Combine(folder, "pg_restore")), $"The server's folder {folder} has no pg_dump and pg_restore.");
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

        await using var copy = await TestDatabase.CreateEmptyAsync();
        await DumpAndRestoreAsync(folder, ledger.ConnectionString, copy.ConnectionString);
        await using var restored = LedgerDatabase.Over(copy);

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

    private static async Task DumpAndRestoreAsync(string folder, string from, string to)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(Path.Combine(folder, "pg_dump"), from, "--format", "custom", "--file", file);
            await RunAsync(Path.Combine(folder, "pg_restore"), to, "--exit-on-error", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RunAsync(string program, string connectionString, params string[] arguments)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(program, [.. arguments, "--dbname", server.Database!, "--host", server.Host!, "--port", $"{server.Port}", "--username", server.Username!]) { RedirectStandardError = true };
        if (server.Password is { } password) start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, errors);
    }
}
