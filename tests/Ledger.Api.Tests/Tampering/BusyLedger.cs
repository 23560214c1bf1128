using Ledger.Api.Tests.Hosting;
using Ledger.Api.Tests.Native.Log;
using Ledger.EventStore;
using Ledger.Proof.Online;
using Npgsql;

namespace Ledger.Api.Tests.Tampering;

/// <summary>A ledger of several tenants that every API wrote to, and its database once the service has gone: what is done to it there is undone from a copy.</summary>
public sealed class BusyLedger : IAsyncLifetime
{
    private const int Rounds = 4;
    private const int RecordsPerRound = 40;
    private static readonly string[] History = ["mt_events", "event_positions", "tenant_heads"];
    private static readonly string[] Log = ["log_leaves", "log_tiles", "log_heads", "log_checkpoints"];

    private readonly LedgerHost _host = new();

    /// <param name="Size">Events, all of them logged.</param>
    /// <param name="Sizes">Of its checkpoints, smallest first; the last is <paramref name="Size"/>.</param>
    /// <param name="Remembered">The latest checkpoint as an auditor keeps it.</param>
    public sealed record Tenant(string Id, long Size, IReadOnlyList<long> Sizes, string Remembered);

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public IReadOnlyList<Tenant> Tenants { get; private set; } = [];

    public IReadOnlyList<string> Keys { get; private set; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var tenants = new List<TestTenant>();
        for (var number = 0; number < 3; number++) tenants.Add(await _host.NewTenantAsync());
        for (var round = 0; round < Rounds; round++)
        {
            // A pause between the rounds: each ends with a checkpoint.
            foreach (var tenant in tenants) await WorkAsync(tenant, round * RecordsPerRound);
            foreach (var tenant in tenants) await tenant.LoggedAsync(_host);
        }
        DataSource = LedgerDataSource.Create(await _host.StopAsync());
        Keys = await new StoredLog(DataSource, "").KeysAsync(Token);
        await ExecuteAsync("create schema kept; " + string.Join("; ", History.Concat(Log).Select(table => $"create table kept.{table} as table ledger.{table}")));
        var known = new List<Tenant>();
        foreach (var tenant in tenants)
        {
            var sizes = await ColumnAsync<long>("select size from ledger.log_checkpoints where tenant_id = $1 order by size", tenant.Id);
            known.Add(new(tenant.Id, sizes[^1], sizes, await new StoredLog(DataSource, tenant.Id).CheckpointAsync(Token)));
        }
        Tenants = known;
    }

    public async ValueTask DisposeAsync()
    {
        if (DataSource is not null) await DataSource.DisposeAsync();
        await _host.DisposeAsync();
    }

    /// <summary>Verifies as <c>ledger verify --remember</c> does.</summary>
    public Task<LogReport> VerifyAsync(Tenant tenant) => new LogVerifier(new StoredLog(DataSource, tenant.Id), Keys, tenant.Remembered).VerifyAsync(Token);

    /// <param name="withLog">The log's own tables were touched, too.</param>
    public Task RestoreAsync(Tenant tenant, bool withLog) => ExecuteAsync(string.Join("; ", (withLog ? History.Concat(Log) : History)
        .Select(table => $"delete from ledger.{table} where tenant_id = '{tenant.Id}'; insert into ledger.{table} select * from kept.{table} where tenant_id = '{tenant.Id}'")));

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(Token);
    }

    public async Task<List<T>> ColumnAsync<T>(string sql, params object[] values)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var column = new List<T>();
        while (await reader.ReadAsync(Token)) column.Add(reader.GetFieldValue<T>(0));
        return column;
    }

    private static async Task WorkAsync(TestTenant tenant, int before)
    {
        var records = await tenant.RegisterAsync([.. Enumerable.Range(before + 1, RecordsPerRound).Select(number => ARecord.Named($"{number}", text: $"Round {before}, 1.50 €"))]);
        async Task<Answer> SendAsync(string path, string body, HttpMethod? method = null)
        {
            var answer = await tenant.Http.SendAsync(method ?? HttpMethod.Post, path, body);
            ((int)answer.Status).ShouldBeInRange(200, 299, $"{path}: {answer.Text}");
            return answer;
        }
        string List(int first, int count, Func<int, string> one) => string.Join(',', Enumerable.Range(before + first, count).Select(one));

        await SendAsync("/ledger/v1/systems/erp/results", $$"""{"results":[{{List(1, 6, number => $$"""{"record_id":"{{number}}","outcome":"exported","external_id":"JE-{{number}}"}""")}},{{List(7, 3, number => $$"""{"record_id":"{{number}}","outcome":"failed","failure":{"reason":"closed"} }""")}}]}""");
        await SendAsync("/v10/accounting-entries/mark-as-exported", $$"""{"accounting_entries":[{{List(10, 5, number => $$"""{"accounting_entry_id":{{number}},"system_id":"erp","note":"by hand"}""")}}]}""");
        await SendAsync("/v3/accounting/records/export-results", $$"""{"results":[{{List(15, 5, number => $$"""{"accounting_record_id":"{{number}}","success":{"reference_id":"AR-{{number}}"} }""")}}]}""");
        var export = await SendAsync("/api/v1/accounting-exports", $$"""{"expense_id":"{{before + 22}}","target_system":"wms/2"}""");
        await SendAsync($"/api/v1/accounting-exports/{export.Json.Text("export_id")}", """{"status":"success","external_reference":"W-1"}""", HttpMethod.Put);
        var entries = string.Join(',', records.Skip(24).Take(6).Select(record => $"\"{record.Uuid}\""));
        var job = await SendAsync("/v3/export-jobs", $$"""{"companyId":"{{tenant.Id}}","accountingEntryIds":[{{entries}}]}""");
        var jobId = job.Json.At("data", "id").GetString();
        await SendAsync("/v3/export-job-events", $$"""{"jobId":"{{jobId}}","event":"started"}""");
        await SendAsync($"/v3/export-jobs/{jobId}/items", $$"""[{"accountingEntryId":"{{records[24].Uuid}}","status":"successful","externalId":"EJ-1"}]""", HttpMethod.Put);
        await SendAsync("/v3/export-job-events", $$"""{"jobId":"{{jobId}}","event":"completed_with_errors"}""");
        await SendAsync("/ledger/v1/systems/erp/reopen", $$"""{"record_ids":["{{before + 1}}","{{before + 2}}"],"reason":"restored"}""");
        await SendAsync($"/ledger/v1/records/{before + 35}/stage", """{"stage":"review"}""");
    }
}
