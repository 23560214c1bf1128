using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>The decisions on mark-as-exported, row by row, over HTTP.</summary>
public sealed class MarkingTests(LedgerHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acceptance_6_ten_are_accepted()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        using var answer = await tenant.PostMarksAsync(Marks(10));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Acceptance_6_eleven_are_refused_and_nothing_is_written()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.PostMarksAsync(Marks(11));
        (await answer.RefusedAsync()).ShouldBe(["accounting_entries: must have 1 to 10 elements; 11 were sent"]);
        (await tenant.CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task Acceptance_6_nine_good_and_one_unknown_are_refused_and_nothing_is_written()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2, 3, 4, 5, 6, 7, 8, 10);
        var events = await tenant.CountEventsAsync();
        using var answer = await tenant.PostMarksAsync(Marks(10));
        (await answer.RefusedAsync()).ShouldBe(["accounting_entries.8.accounting_entry_id: there is no accounting entry with this id"]);
        (await tenant.CountEventsAsync()).ShouldBe(events);
        (await tenant.IdsAsync("system_id=erp")).Length.ShouldBe(9);
    }

    [Fact]
    public async Task Row_unknown_entry_or_another_tenants_gets_the_same_text_one_error_per_element()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.RegisterAsync(7);
        using var answer = await tenant.PostMarksAsync(Mark(7), Mark(8), Mark(7));
        (await answer.RefusedAsync()).ShouldBe(Enumerable.Range(0, 3).Select(index => $"accounting_entries.{index}.accounting_entry_id: there is no accounting entry with this id"));
        (await other.IdsAsync("system_id=erp")).ShouldBe([7]);
    }

    [Fact]
    public async Task Row_several_systems_in_one_call()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2);
        using var answer = await tenant.PostMarksAsync(Mark(1), Mark(1, "wms"), Mark(2, "wms"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.IdsAsync("system_id=erp")).ShouldBe([2]);
        (await tenant.IdsAsync("system_id=wms")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Row_the_same_entry_and_system_twice_is_one_event_with_every_note_in_order()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        using var answer = await tenant.PostMarksAsync(Mark(1, note: "b"), Mark(1, " erp "), Mark(1, note: "a"), Mark(1, note: "b"));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        body.GetProperty("accounting_entries").GetArrayLength().ShouldBe(1);
        (await tenant.NotesAsync(host, "erp", 1)).ShouldBe(["b\na"]);
    }

    [Fact]
    public async Task Row_success_body_echoes_in_request_order_with_the_recorded_time()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2);
        using var answer = await tenant.PostMarksAsync(Mark(2, note: "<b>Voucher</b> 77"), Mark(1), Mark(2));
        var recordedAt = DateTimeText.Canonical((await tenant.EventsAsync(host, "erp", 1)).ShouldHaveSingleItem().RecordedAt);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetRawText().ShouldBe(
            $$"""{"accounting_entries":[{"accounting_entry_id":2,"system_id":"erp","exported_at":"{{recordedAt}}","note":"\u003Cb\u003EVoucher\u003C/b\u003E 77"},{"accounting_entry_id":1,"system_id":"erp","exported_at":"{{recordedAt}}","note":null}]}""");
    }

    [Fact]
    public async Task Row_already_exported_is_another_event()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        await tenant.MarkAsync("erp", 1);
        await tenant.MarkAsync("erp", 1);
        (await tenant.EventsAsync(host, "erp", 1)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Row_never_offered_by_a_poll_is_allowed()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([ARecord.Named("1", Domain.Records.Stage.Prepare)]);
        (await tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
        await tenant.MarkAsync("erp", 1);
        (await tenant.EventsAsync(host, "erp", 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Row_types_digits_as_text_name_an_entry()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        using var answer = await tenant.PostMarksAsync(new { accounting_entry_id = "1", system_id = "erp" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Row_note_is_kept_verbatim_with_the_acting_client()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        using var answer = await tenant.PostMarksAsync(Mark(1, note: " <script>alert('Ærø 📒')</script>\n"));
        (await tenant.NotesAsync(host, "erp", 1)).ShouldBe([" <script>alert('Ærø 📒')</script>\n"]);
        var recorded = (await tenant.EventsAsync(host, "erp", 1)).ShouldHaveSingleItem();
        (recorded.Actor, recorded.Dialect).ShouldBe((tenant.Credentials.Client.ClientId, "accounting_entries"));
    }

    [Fact]
    public async Task Row_the_entrys_updated_at_is_untouched()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        var before = await EntryAsync(tenant);
        await tenant.MarkAsync("erp", 1);
        (await EntryAsync(tenant)).ShouldBe(before);
    }

    [Fact]
    public async Task Row_error_body_names_every_fault()
    {
        var tenant = await host.NewTenantAsync();
        using var answer = await tenant.PostMarksAsync(new { accounting_entry_id = true }, new { accounting_entry_id = 1, system_id = " ", note = 5 });
        (await answer.RefusedAsync()).ShouldBe(
        [
            "accounting_entries.0.accounting_entry_id: must be a whole number from 1 to 9223372036854775807",
            "accounting_entries.0.system_id: is required",
            "accounting_entries.1.system_id: must not be blank",
            "accounting_entries.1.note: must be text",
        ]);
    }

    [Fact]
    public async Task Row_idempotency_the_same_key_and_body_replays_the_answer_and_writes_nothing()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1);
        using var first = await PostWithKeyAsync(tenant, "k-1", Mark(1, note: "once"));
        var events = await tenant.CountEventsAsync();
        using var second = await PostWithKeyAsync(tenant, "k-1", Mark(1, note: "once"));
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await second.Content.ReadAsStringAsync(Cancelled)).ShouldBe(await first.Content.ReadAsStringAsync(Cancelled));
        (await tenant.CountEventsAsync()).ShouldBe(events);
        (await tenant.NotesAsync(host, "erp", 1)).ShouldBe(["once"]);
    }

    [Fact]
    public async Task Row_idempotency_the_same_key_with_another_body_is_422()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2);
        using var first = await PostWithKeyAsync(tenant, "k-1", Mark(1));
        using var second = await PostWithKeyAsync(tenant, "k-1", Mark(2));
        (await second.RefusedAsync()).ShouldHaveSingleItem();
        (await tenant.IdsAsync("system_id=erp")).ShouldBe([2]);
    }

    [Fact]
    public async Task Row_idempotency_a_refused_call_leaves_its_key_unused()
    {
        var tenant = await host.NewTenantAsync();
        using var refused = await PostWithKeyAsync(tenant, "k-1", Mark(1));
        await refused.RefusedAsync();
        await tenant.RegisterAsync(1);
        using var accepted = await PostWithKeyAsync(tenant, "k-1", Mark(1));
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Row_concurrency_one_call_is_the_first_mark_and_all_others_are_second_ones()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(1, 2, 3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => tenant.PostMarksAsync(Mark(3), Mark(1), Mark(2))));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        var recorded = await tenant.EventsAsync(host, "erp", 1);
        recorded.Count.ShouldBe(6);
        var first = recorded[0].RecordedAt;
        (await tenant.IdsAsync($"system_id=erp&not_exported_since={DateTimeText.Canonical(first)}")).ShouldBeEmpty();
        (await tenant.IdsAsync($"system_id=erp&not_exported_since={DateTimeText.Canonical(first.AddMicroseconds(-1))}")).ShouldBe([1, 2, 3]);
    }

    private static async Task<HttpResponseMessage> PostWithKeyAsync(TestTenant tenant, string key, params object[] marks)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, EntriesCalls.MarkAsExported) { Content = JsonContent.Create(new { accounting_entries = marks }) };
        request.Headers.Add("Idempotency-Key", key);
        return await tenant.Http.SendAsync(request, Cancelled);
    }

    private static async Task<string> EntryAsync(TestTenant tenant) =>
        (await tenant.Http.GetFromJsonAsync<JsonElement>($"{EntriesCalls.Export}?system_id=wms", Cancelled)).GetProperty("accounting_entries")[0].GetRawText();

    private static object[] Marks(int count) => [.. Enumerable.Range(1, count).Select(id => Mark(id))];

    private static object Mark(long id, string system = "erp", string? note = null) => new { accounting_entry_id = id, system_id = system, note };
}
