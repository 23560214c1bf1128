using System.Text.Json;
using Ledger.Bench.Service;
using Ledger.Clients;
using Npgsql;

namespace Ledger.Bench.Load;

/// <summary>
/// Connections that work through export jobs, each a company of its own, because a company has one unfinished job at a time: every item is taken
/// up and then reported successful, 100 per PUT, which is what that contract takes.
/// </summary>
internal sealed class JobConnections : IDisposable
{
    private const int Batch = 100;

    private sealed record Company(Guid TenantId, HttpConnection Connection, RequestBody Body, Guid[] Entries)
    {
        public Guid? Job { get; set; }
        public int Next { get; set; }
    }

    private readonly List<Company> _companies = [];

    public int Count => _companies.Count;

    /// <param name="items">Per job; each is reported on twice.</param>
    public static async Task<JobConnections> OpenAsync(ServiceProcess service, NpgsqlDataSource dataSource, int companies, int items)
    {
        var opened = new JobConnections();
        var registry = new ClientRegistry(dataSource);
        for (var index = 0; index < companies; index++)
        {
            var tenant = await registry.CreateTenantAsync($"Company {index}");
            var client = await registry.CreateClientAsync(tenant.TenantId, "connector", "erp", LedgerScopes.All);
            var company = new Company(Guid.Parse(tenant.TenantId), await HttpConnection.OpenAsync(service.Port, client!.ApiKey), new(), [.. Enumerable.Range(0, items).Select(_ => Guid.NewGuid())]);
            foreach (var chunk in company.Entries.Chunk(5_000))
            {
                var body = company.Body.Clear().Add("{\"records\":["u8);
                for (var at = 0; at < chunk.Length; at++)
                    body.Add(at == 0 ? "{\"id\":\""u8 : ",{\"id\":\""u8).Add(chunk[at]).Add("\",\"amount\":{\"value\":1250,\"currency\":\"EUR\"},\"account\":\"6640\",\"contra_account\":\"1920\"}"u8);
                await company.Connection.SendAsync("POST", "/ledger/v1/records", body.Add("]}"u8).Written);
            }
            opened._companies.Add(company);
        }
        return opened;
    }

    /// <summary>Ends the jobs of the last run and opens new ones.</summary>
    public Task StartJobsAsync() => Task.WhenAll(_companies.Select(async company =>
    {
        if (company.Job is { } done) await company.Connection.SendAsync("POST", "/v3/export-job-events", company.Body.Clear().Add("{\"jobId\":\""u8).Add(done).Add("\",\"event\":\"completed\"}"u8).Written);
        var body = company.Body.Clear().Add("{\"companyId\":\""u8).Add(company.TenantId).Add("\",\"accountingEntryIds\":["u8);
        for (var index = 0; index < company.Entries.Length; index++) body.Add(index == 0 ? "\""u8 : ",\""u8).Add(company.Entries[index]).Add("\""u8);
        var answer = await company.Connection.SendAsync("POST", "/v3/export-jobs", body.Add("],\"isInteractive\":false}"u8).Written);
        using var job = JsonDocument.Parse(answer);
        company.Job = job.RootElement.GetProperty("data").GetProperty("id").GetGuid();
        company.Next = 0;
        await company.Connection.SendAsync("POST", "/v3/export-job-events", company.Body.Clear().Add("{\"jobId\":\""u8).Add(company.Job.Value).Add("\",\"event\":\"started\"}"u8).Written);
    }));

    /// <returns>0 when the job has no item left to report on.</returns>
    public async Task<int> ReportAsync(int worker)
    {
        var company = _companies[worker];
        var (first, again) = (company.Next % company.Entries.Length, company.Next >= company.Entries.Length);
        if (company.Next >= 2 * company.Entries.Length) return 0;
        company.Next += Batch;
        var body = company.Body.Clear().Add("["u8);
        for (var index = first; index < first + Batch; index++)
        {
            body.Add(index == first ? "{\"accountingEntryId\":\""u8 : ",{\"accountingEntryId\":\""u8).Add(company.Entries[index]);
            if (again) body.Add("\",\"status\":\"successful\",\"externalId\":\"JE-"u8).Add(index).Add("\"}"u8);
            else body.Add("\",\"status\":\"in_progress\"}"u8);
        }
        var answer = await company.Connection.SendAsync("PUT", $"/v3/export-jobs/{company.Job}/items", body.Add("]"u8).Written);
        return answer.Span.IndexOf("\"errors\":[]"u8) >= 0 ? Batch : throw new InvalidOperationException("Not every report was taken.");
    }

    public void Dispose() => _companies.ForEach(company => company.Connection.Dispose());
}
