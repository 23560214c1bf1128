using System.Net.Http.Json;
using Ledger.Api.Hosting;
using Ledger.Clients;
using Ledger.EventStore;
using Ledger.EventStore.Migrations;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>The service as a process of its own, killed with SIGKILL in the middle of its work and started again.</summary>
public sealed class KilledServiceTests
{
    private const int Kills = 6;
    private const int Batch = 200;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_there_whole_or_not_at_all_and_positions_have_no_gap()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
        await new Migrator(dataSource, LedgerServices.Migrations).MigrateAsync(Token);
        await RegisterAsync(dataSource);
        var acknowledged = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var service = await RunningService.StartAsync(database.ConnectionString);
            var working = Task.WhenAll(Enumerable.Range(0, 3).Select(worker => WorkAsync(service.Http, kill, worker, acknowledged)));
            await OneMoreAsync(acknowledged);
            await Task.Delay(Random.Shared.Next(200), Token);
            service.Process.Kill();
            await service.Process.WaitForExitAsync(Token);
            await working;
        }
        using (var last = await RunningService.StartAsync(database.ConnectionString)) await SealedAsync(dataSource);

        // Every batch is one request: its correlation id is on all its events, or on none.
        var batches = await RowsAsync(dataSource, $"select correlation_id, count(*) from ledger.mt_events where type = 'export_requested' group by 1");
        batches.ShouldNotBeEmpty();
        batches.ShouldAllBe(row => (long)row[1] == Batch);
        var kept = batches.Select(row => (string)row[0]).ToHashSet();
        acknowledged.ShouldAllBe(correlation => kept.Contains(correlation), "what was acknowledged is durable");
        (await RowsAsync(dataSource, "select tenant_id from ledger.event_positions group by tenant_id having min(position) <> 1 or max(position) <> count(*)")).ShouldBeEmpty();
        (await RowsAsync(dataSource, "select 1 from ledger.event_positions having min(sequence) <> 1 or max(sequence) <> count(*)")).ShouldBeEmpty();
        (await RowsAsync(dataSource, "select count(*) from ledger.mt_events"))[0][0].ShouldBe((await RowsAsync(dataSource, "select count(*) from ledger.event_positions"))[0][0]);
        (await new Projections.Rebuild.ReadModelRebuild(dataSource).RunAsync(replace: false, cancellationToken: Token)).IsEqual.ShouldBeTrue();
    }

    private static async Task WorkAsync(HttpClient http, int kill, int worker, List<string> acknowledged)
    {
        for (var round = 0; ; round++)
        {
            var correlation = $"{kill}-{worker}-{round}";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/accounting-exports/batch")
            {
                Content = JsonContent.Create(new { expense_ids = Enumerable.Range(0, Batch).Select(number => $"r-{number}"), target_system = correlation }),
            };
            request.Headers.Add("X-Correlation-Id", correlation);
            try
            {
                using var response = await http.SendAsync(request, Token);
                if (!response.IsSuccessStatusCode) return;
                lock (acknowledged) acknowledged.Add(correlation);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    // A kill before the first answer would only kill a process that is still warming up.
    private static async Task OneMoreAsync(List<string> acknowledged)
    {
        int Count()
        {
            lock (acknowledged) return acknowledged.Count;
        }
        var before = Count();
        for (var attempt = 0; attempt < 3_000 && Count() == before; attempt++) await Task.Delay(10, Token);
    }

    private static async Task RegisterAsync(NpgsqlDataSource dataSource)
    {
        await DemoClients.EnsureDemoAsync(dataSource, Token);
        using var large = new Api.Commands.LargeWrites();
        var register = new Api.Commands.RegisterRecords(new(new EventStore.EventStore(dataSource)), new(dataSource), large);
        await register.HandleAsync(new(DemoClients.TenantId, "test", "native", "register"), [.. Enumerable.Range(0, Batch).Select(number => ARecord.Named($"r-{number}"))], Token);
    }

    private static async Task SealedAsync(NpgsqlDataSource dataSource)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var open = await RowsAsync(dataSource, "select count(*) from ledger.mt_events e where not exists (select 1 from ledger.event_positions p where p.seq_id = e.seq_id)");
            if ((long)open[0][0] == 0) return;
            await Task.Delay(100, Token);
        }
    }

    private static async Task<List<object[]>> RowsAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<object[]>();
        while (await reader.ReadAsync(Token))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }
}
