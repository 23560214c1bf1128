using System.Net;
using Ledger.Api.Tests.Hosting;
using Ledger.Clients;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Dialects.AccountingExports;

/// <summary>The seven checks of the contract, one test each or more.</summary>
public sealed class ChecksOfTheContractTests(LedgerHost host)
{
    [Fact]
    public async Task Check_1_the_six_examples_in_order_have_the_shapes_shown()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("exp_9c2d7e"), ARecord.Named("exp_1a4f8b"), ARecord.Named("exp_5c7d3e"), ARecord.Named("exp_77"));
        var http = tenant.Http;

        var (status, created) = await http.ExportAsync("exp_9c2d7e");
        status.ShouldBe(HttpStatusCode.Accepted);
        created.AsObject().Select(member => member.Key).ShouldBe(["export_id", "expense_id", "target_system", "status", "initiated_at"]);
        (created.Text("expense_id"), created.Text("target_system"), created.Text("status")).ShouldBe(("exp_9c2d7e", "tripletex", "processing"));
        var id = created.Text("export_id");
        id.ShouldMatch("^exp_xp_[0-9a-f]{16}$");

        (status, var reported) = await http.PutAsync(id, new { status = "success", external_reference = "TTX-20260318-9927" });
        status.ShouldBe(HttpStatusCode.OK);
        reported.AsObject().Select(member => member.Key).ShouldBe(["export_id", "status", "external_reference", "exported_at"]);
        (reported.Text("status"), reported.Text("external_reference")).ShouldBe(("success", "TTX-20260318-9927"));
        reported.Text("exported_at").ShouldEndWith("Z");

        (status, var list) = await http.FindAsync("?page=1");
        status.ShouldBe(HttpStatusCode.OK);
        list["pagination"]!.ToJsonString().ShouldBe("""{"page":1,"limit":20,"total":1}""");
        list["data"]![0]!.AsObject().Select(member => member.Key).ShouldBe(["export_id", "expense_id", "target_system", "status", "external_reference", "exported_at"]);
        list["data"]![0]!.Text("exported_at").ShouldBe(reported.Text("exported_at"));

        (status, var one) = await http.FindAsync(id);
        status.ShouldBe(HttpStatusCode.OK);
        one.Text("organization_id").ShouldNotBeEmpty();
        one["error_message"].ShouldBeNull();
        (one.Text("status"), one["batch_id"]).ShouldBe(("success", null));

        (status, var batch) = await http.BatchAsync("exp_1a4f8b", "exp_5c7d3e", "exp_1a4f8b");
        status.ShouldBe(HttpStatusCode.Accepted);
        batch.AsObject().Select(member => member.Key).ShouldBe(["batch_id", "expense_ids", "target_system", "status", "initiated_at"]);
        batch.Text("batch_id").ShouldMatch("^batch_[0-9a-f]{16}$");
        batch["expense_ids"]!.ToJsonString().ShouldBe("""["exp_1a4f8b","exp_5c7d3e"]""");

        var (_, other) = await http.ExportAsync("exp_77");
        (status, var deleted) = await http.CancelAsync(other.Text("export_id"));
        (status, deleted.ToJsonString()).ShouldBe((HttpStatusCode.OK, $$"""{"deleted":true,"export_id":"{{other.Text("export_id")}}"}"""));
    }

    [Fact]
    public async Task Check_2_a_second_export_is_refused_while_the_first_runs_and_after_it_succeeded_unless_asked_for_again()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (_, first) = await tenant.Http.ExportAsync("e1");
        var id = first.Text("export_id");

        var (status, refused) = await tenant.Http.ExportAsync("e1");
        (status, refused.Text("error"), refused.Text("export_id")).ShouldBe((HttpStatusCode.Conflict, "export_in_progress", id));
        await tenant.Http.PutAsync(id, new { status = "success", external_reference = "JE-1" });
        (status, refused) = await tenant.Http.ExportAsync("e1");
        (status, refused.Text("error"), refused.Text("export_id"), refused.Text("external_reference")).ShouldBe((HttpStatusCode.Conflict, "already_exported", id, "JE-1"));
        (await tenant.Http.ExportAsync("e1", "wms")).Status.ShouldBe(HttpStatusCode.Accepted);
        (status, var again) = await tenant.Http.ExportAsync("e1", again: true);
        status.ShouldBe(HttpStatusCode.Accepted);
        again.Text("export_id").ShouldNotBe(id);
    }

    [Fact]
    public async Task Check_3_a_batch_with_one_unknown_expense_writes_nothing_and_a_good_one_makes_its_exports()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync([.. ARecord.Many(3), ARecord.Named("draft", Stage.Review)]);
        var before = await tenant.CountEventsAsync();

        var (status, refused) = await tenant.Http.BatchAsync("r-1", "nobody", "r-2");
        (status, refused.Text("error")).ShouldBe((HttpStatusCode.NotFound, "expense_not_found"));
        refused["errors"]![0]!.Text("pointer").ShouldBe("/expense_ids/1");
        (status, refused) = await tenant.Http.BatchAsync("r-1", "nobody", "draft");
        (status, refused.Text("error"), refused["refused"]!.AsArray().Count).ShouldBe((HttpStatusCode.Conflict, "batch_refused", 2));
        (await tenant.CountEventsAsync()).ShouldBe(before);

        (_, var batch) = await tenant.Http.BatchAsync("r-1", "r-2", "r-3");
        var (_, list) = await tenant.Http.FindAsync($"?batch_id={batch.Text("batch_id")}");
        list["pagination"]!["total"]!.GetValue<int>().ShouldBe(3);
        list["data"]!.AsArray().Select(export => export!.Text("expense_id")).Order().ShouldBe(["r-1", "r-2", "r-3"]);
        (_, var one) = await tenant.Http.FindAsync(list["data"]![0]!.Text("export_id"));
        one.Text("batch_id").ShouldBe(batch.Text("batch_id"));
    }

    [Fact]
    public async Task Check_4_the_same_report_again_is_one_event_and_another_one_is_refused()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"), ARecord.Named("e2"));
        var (_, first) = await tenant.Http.ExportAsync("e1");
        var (_, answer) = await tenant.Http.PutAsync(first.Text("export_id"), new { status = "success", external_reference = "JE-1" });
        var events = await tenant.CountEventsAsync();

        var (status, repeated) = await tenant.Http.PutAsync(first.Text("export_id"), new { status = "success", external_reference = "JE-1" });
        (status, repeated.ToJsonString()).ShouldBe((HttpStatusCode.OK, answer.ToJsonString()));
        foreach (var report in new object[] { new { status = "failed", error_message = "no" }, new { status = "success", external_reference = "JE-2" } })
        {
            (status, var refused) = await tenant.Http.PutAsync(first.Text("export_id"), report);
            (status, refused.Text("error")).ShouldBe((HttpStatusCode.Conflict, "export_final"));
        }
        (await tenant.CountEventsAsync()).ShouldBe(events);

        var (_, second) = await tenant.Http.ExportAsync("e2");
        (await tenant.Http.PutAsync(second.Text("export_id"), new { status = "failed" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.PutAsync(second.Text("export_id"), new { status = "failed", error_message = "Period is closed" })).Status.ShouldBe(HttpStatusCode.OK);
        (_, var failed) = await tenant.Http.FindAsync(second.Text("export_id"));
        (failed.Text("status"), failed.Text("error_message"), failed["exported_at"]).ShouldBe(("failed", "Period is closed", null));
        (await tenant.Http.ExportAsync("e2")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Check_5_a_cancelled_export_is_offered_again_and_a_successful_one_cannot_be_cancelled()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (_, first) = await tenant.Http.ExportAsync("e1");
        var id = first.Text("export_id");

        (await tenant.Http.CancelAsync(id)).Status.ShouldBe(HttpStatusCode.OK);
        var events = await tenant.CountEventsAsync();
        (await tenant.Http.CancelAsync(id)).Status.ShouldBe(HttpStatusCode.OK);
        (await tenant.CountEventsAsync()).ShouldBe(events);
        (await tenant.Http.FindAsync(id)).Body.Text("status").ShouldBe("cancelled");
        (await tenant.Http.PutAsync(id, new { status = "success" })).Body.Text("error").ShouldBe("export_final");

        var (status, second) = await tenant.Http.ExportAsync("e1");
        status.ShouldBe(HttpStatusCode.Accepted);
        await tenant.Http.PutAsync(second.Text("export_id"), new { status = "success" });
        (status, var refused) = await tenant.Http.CancelAsync(second.Text("export_id"));
        (status, refused.Text("error")).ShouldBe((HttpStatusCode.Conflict, "export_final"));
        (await tenant.Http.CancelAsync(id)).Status.ShouldBe(HttpStatusCode.OK, "the first one is still cancelled");
    }

    [Fact]
    public async Task Check_6_a_walk_by_pages_of_seven_sees_each_of_95_exports_once()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(95));
        await tenant.Http.BatchAsync([.. Enumerable.Range(1, 90).Select(number => $"r-{number}")]);
        for (var number = 91; number <= 95; number++) await tenant.Http.ExportAsync($"r-{number}");

        var seen = new List<string>();
        for (var page = 1; page <= 14; page++)
        {
            var (_, list) = await tenant.Http.FindAsync($"?page={page}&limit=7");
            list["pagination"]!["total"]!.GetValue<int>().ShouldBe(95);
            seen.AddRange(list["data"]!.AsArray().Select(export => export!.Text("expense_id")));
        }
        seen.Count.ShouldBe(95);
        seen.Distinct().Count().ShouldBe(95);
        seen[..5].ShouldBe(["r-95", "r-94", "r-93", "r-92", "r-91"]);
        (await tenant.Http.FindAsync("?page=15&limit=7")).Body["data"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_7_another_tenants_export_is_unknown_and_credentials_and_scopes_are_needed()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await tenant.RegisterAsync(ARecord.Named("e1"));
        var (_, first) = await tenant.Http.ExportAsync("e1");
        var id = first.Text("export_id");

        foreach (var unknown in new[] { id, "exp_xp_0123456789abcdef", "exp_xp_nonsense" })
        {
            foreach (var (status, body) in new[] { await other.Http.FindAsync(unknown), await other.Http.PutAsync(unknown, new { status = "success" }), await other.Http.CancelAsync(unknown) })
                (status, body.Text("error")).ShouldBe((HttpStatusCode.NotFound, "export_not_found"));
        }
        (await other.Http.ExportAsync("e1")).Body.Text("error").ShouldBe("expense_not_found");
        using var anonymous = await host.AnonymousAsync();
        (await anonymous.FindAsync(id)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var reader = await tenant.SignInAsync(LedgerScopes.ExportsRead);
        (await reader.FindAsync(id)).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.CancelAsync(id)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
