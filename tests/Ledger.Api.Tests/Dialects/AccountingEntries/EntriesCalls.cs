using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>What a connector does, call by call.</summary>
internal static class EntriesCalls
{
    public const string Export = "/v10/accounting-entries/export";
    public const string MarkAsExported = "/v10/accounting-entries/mark-as-exported";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The ids of one page, in the order given.</summary>
    public static async Task<long[]> IdsAsync(this TestTenant tenant, string query)
    {
        using var answer = await tenant.Http.GetAsync($"{Export}?{query}", Cancelled);
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return [.. JsonElement.Parse(body).GetProperty("accounting_entries").EnumerateArray().Select(entry => entry.GetProperty("id").GetInt64())];
    }

    /// <summary>The details of the error envelope, every element of which must repeat the status.</summary>
    public static async Task<string[]> RefusedAsync(this HttpResponseMessage answer, int status = 422)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        ((int)answer.StatusCode).ShouldBe(status, body);
        var root = JsonElement.Parse(body);
        root.EnumerateObject().Select(member => member.Name).ShouldBe(["errors"]);
        var errors = root.GetProperty("errors").EnumerateArray().ToList();
        errors.ShouldNotBeEmpty();
        foreach (var error in errors)
        {
            error.EnumerateObject().Select(member => member.Name).ShouldBe(["status", "code", "detail"]);
            error.GetProperty("status").GetInt32().ShouldBe(status);
            error.GetProperty("code").GetInt32().ShouldBe(10000);
        }
        return [.. errors.Select(error => error.GetProperty("detail").GetString()!)];
    }

    public static async Task<string[]> RefusedQueryAsync(this TestTenant tenant, string query)
    {
        using var answer = await tenant.Http.GetAsync($"{Export}?{query}", Cancelled);
        return await answer.RefusedAsync();
    }

    public static Task<HttpResponseMessage> PostMarksAsync(this TestTenant tenant, params object[] marks) =>
        tenant.Http.PostAsJsonAsync(MarkAsExported, new { accounting_entries = marks }, Cancelled);

    /// <summary>Marks ten at a time, as the contract demands.</summary>
    public static async Task MarkAsync(this TestTenant tenant, string system, params long[] ids)
    {
        foreach (var ten in ids.Chunk(10))
        {
            using var answer = await tenant.PostMarksAsync([.. ten.Select(id => (object)new { accounting_entry_id = id, system_id = system })]);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancelled));
        }
    }

    /// <summary>The un-mark, which this contract does not have: our own API gives the command to others.</summary>
    public static async Task ReopenAsync(this TestTenant tenant, LedgerHost host, string system, long id)
    {
        var reports = (await host.ServicesAsync()).GetRequiredService<ReportResults>();
        await reports.EachAsync(tenant.Context, new SystemId(system), [(new RecordId($"{id}"), new ItemCommand.Reopen("restored"))], Cancelled);
    }

    /// <summary>Registers entries whose ids are these numbers.</summary>
    public static Task RegisterAsync(this TestTenant tenant, params long[] ids) => tenant.RegisterAsync([.. ids.Select(id => ARecord.Named($"{id}"))]);

    /// <summary>The notes on the timeline of an entry in a system, oldest first.</summary>
    public static async Task<string?[]> NotesAsync(this TestTenant tenant, LedgerHost host, string system, long id) =>
        [.. (await tenant.EventsAsync(host, system, id)).Select(recorded => JsonElement.Parse(recorded.Data).TryGetProperty("note", out var note) ? note.GetString() : null)];

    public static async Task<List<EventStore.RecordedEvent>> EventsAsync(this TestTenant tenant, LedgerHost host, string system, long id) =>
        await (await host.ServicesAsync()).GetRequiredService<EventStore.EventStore>()
            .ReadStreamAsync(tenant.Id, StreamIds.Of(new SystemId(system), new RecordId($"{id}")), cancellationToken: Cancelled);
}
