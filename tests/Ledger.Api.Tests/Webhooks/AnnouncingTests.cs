using System.Net;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Api.Tests.Webhooks.WebhookCalls;

namespace Ledger.Api.Tests.Webhooks;

public sealed class AnnouncingTests(LedgerHost host)
{
    [Fact]
    public async Task Records_that_become_ready_are_announced_to_whom_subscribed_and_to_nobody_else()
    {
        await using var mine = await Receiver.StartAsync();
        await using var jobs = await Receiver.StartAsync();
        await using var strangers = await Receiver.StartAsync();
        var (tenant, stranger) = (await ConnectedAsync(), await ConnectedAsync());
        await tenant.Http.SubscribeAsync(mine.Url);
        await tenant.Http.SubscribeAsync(jobs.Url, JobCreated);
        await stranger.Http.SubscribeAsync(strangers.Url);

        await tenant.RegisterAsync(ARecord.Named("a"), ARecord.Named("b"), ARecord.Named("c", Stage.Review));

        var received = (await mine.TakeAsync(1)).ShouldHaveSingleItem();
        received.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["event_type", "accountingRecordIds", "companyId"]);
        received.Json.Text("event_type").ShouldBe(RecordReady);
        received.RecordIds.ShouldBe(["a", "b"], ignoreOrder: true);
        received.Id.ShouldStartWith("msg_");
        // A second announcement shows that the feed went past the first without telling anybody else.
        await stranger.RegisterAsync(ARecord.Named("other"));
        (await strangers.TakeAsync(1)).ShouldHaveSingleItem().RecordIds.ShouldBe(["other"]);
        (mine.All.Count, jobs.All.Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Each_way_of_becoming_ready_is_announced_and_nothing_else()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await ConnectedAsync();
        await tenant.Http.SubscribeAsync(receiver.Url);

        await tenant.RegisterAsync(ARecord.Named("a", Stage.Review));
        await StageAsync(tenant, "a", Stage.Ready);
        (await receiver.TakeAsync(1))[0].RecordIds.ShouldBe(["a"]);

        await tenant.RegisterAsync(ARecord.Named("a", text: "Changed while ready: still ready"));
        await tenant.ReportAsync(host, "a", new ItemCommand.ReportFailed("validation", "Account closed"));
        await tenant.RegisterAsync(ARecord.Named("a", text: "Corrected after a failure: ready again"));
        (await receiver.TakeAsync(2))[1].RecordIds.ShouldBe(["a"]);

        await tenant.ReportAsync(host, "a", Exported);
        await StageAsync(tenant, "a", Stage.Review);
        await StageAsync(tenant, "a", Stage.Ready);   // exported: not to be exported
        await tenant.ReportAsync(host, "a", Exported, system: "another");
        await tenant.ReportAsync(host, "a", new ItemCommand.Reopen(null), system: "another");   // another system than the integration's
        await tenant.ReportAsync(host, "a", new ItemCommand.Reopen("ERP restored"));
        (await receiver.TakeAsync(3))[2].RecordIds.ShouldBe(["a"]);

        await tenant.RegisterAsync(ARecord.Named("last"));
        var all = await receiver.TakeAsync(4);
        all[3].RecordIds.ShouldBe(["last"]);
        all.Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_became_ready_together_is_announced_together_500_at_most()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await ConnectedAsync();
        await tenant.Http.SubscribeAsync(receiver.Url);

        await tenant.RegisterAsync(ARecord.Many(620));

        var received = await receiver.TakeAsync(2);
        received.Select(delivery => delivery.RecordIds.Count).ShouldBe([500, 120], ignoreOrder: true);
        received.SelectMany(delivery => delivery.RecordIds).Distinct().Count().ShouldBe(620);
    }

    [Fact]
    public async Task Without_an_active_integration_no_record_is_announced()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.Http.SubscribeAsync(receiver.Url);

        await tenant.RegisterAsync(ARecord.Named("before"));
        var disconnect = await tenant.ConnectAsync(host);
        await tenant.RegisterAsync(ARecord.Named("while"));
        await disconnect();
        await tenant.RegisterAsync(ARecord.Named("after"));
        await tenant.ConnectAsync(host);
        await tenant.RegisterAsync(ARecord.Named("again"));

        (await receiver.TakeAsync(2)).SelectMany(delivery => delivery.RecordIds).ShouldBe(["while", "again"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_subscription_is_told_of_what_happens_while_it_is_active()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await ConnectedAsync();
        await tenant.RegisterAsync(ARecord.Named("before"));
        await tenant.SealedAsync();
        var id = await tenant.Http.SubscribeAsync(receiver.Url);
        await tenant.RegisterAsync(ARecord.Named("first"));
        await receiver.TakeAsync(1);

        (await tenant.Http.PutWebhookAsync(id, receiver.Url, "INACTIVE")).Ok();
        await tenant.RegisterAsync(ARecord.Named("paused"));
        await tenant.SealedAsync();
        (await tenant.Http.PutWebhookAsync(id, receiver.Url, "ACTIVE")).Ok();
        await tenant.RegisterAsync(ARecord.Named("second"));

        (await receiver.TakeAsync(2)).SelectMany(delivery => delivery.RecordIds).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Export_jobs_are_announced_as_they_are_created_and_batches_of_exports_are_not()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Many(3));
        await tenant.Http.SubscribeAsync(receiver.Url, JobCreated, RecordReady);

        await tenant.OpenJobAsync(host, JobOrigin.AccountingExports, "r-1");
        var job = await tenant.OpenJobAsync(host, JobOrigin.ExportJobs, "r-2", "r-3");

        var received = (await receiver.TakeAsync(1)).ShouldHaveSingleItem().Json;
        received.Text("eventType").ShouldBe(JobCreated);
        Guid.Parse(received.Text("eventId")).Version.ShouldBe(7);
        var data = received.GetProperty("data");
        data.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "companyId", "status", "numberOfItems", "createdAt", "createdBy", "expiresIn"]);
        (data.Text("id"), data.Text("companyId"), data.Text("status")).ShouldBe((job.Id.ToString(), tenant.Id, "pending"));
        (data.GetProperty("numberOfItems").GetInt32(), data.GetProperty("expiresIn").GetInt32()).ShouldBe((2, 3600));
    }

    [Fact]
    public async Task A_deleted_subscription_and_a_revoked_client_are_told_nothing_more()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var witness = await Receiver.StartAsync();
        var tenant = await ConnectedAsync();
        await tenant.Http.SubscribeAsync(witness.Url);
        var deleted = await tenant.Http.SubscribeAsync(receiver.Url);
        (await tenant.Http.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{deleted}", null, "")).Status.ShouldBe(HttpStatusCode.OK);
        var services = await host.ServicesAsync();
        var registry = services.GetRequiredService<Ledger.Clients.ClientRegistry>();
        var leaver = (await registry.CreateClientAsync(tenant.Id, "A leaver", "erp", Ledger.Clients.LedgerScopes.ExportsRead, TestContext.Current.CancellationToken))!;
        await TestTenant.WithApiKey(await host.AnonymousAsync(), leaver.ApiKey).SubscribeAsync(receiver.Url);
        await registry.RevokeAsync(leaver.Client.ClientId, TestContext.Current.CancellationToken);

        await tenant.RegisterAsync(ARecord.Named("a"));

        await witness.TakeAsync(1);
        receiver.All.ShouldBeEmpty();
    }

    private async Task<TestTenant> ConnectedAsync()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.ConnectAsync(host);
        return tenant;
    }

    private async Task StageAsync(TestTenant tenant, string record, Stage stage) =>
        (await (await host.ServicesAsync()).GetRequiredService<ChangeRecord>().HandleAsync(tenant.Context, new RecordId(record), new RecordCommand.ChangeStage(stage), TestContext.Current.CancellationToken)).ShouldBeNull();
}
