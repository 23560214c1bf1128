using System.Net;
using Ledger.Api.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Ledger.Api.Tests.Webhooks;

public sealed class RetryTests(LedgerHost host)
{
    private static readonly DateTimeOffset Start = new(2026, 6, 11, 10, 9, 15, TimeSpan.Zero);

    [Fact]
    public async Task A_refused_delivery_is_repeated_on_schedule_under_the_same_id_until_the_subscription_is_in_error()
    {
        var clock = new ManualClock(Start);
        await using var own = LedgerHost.WithClock(clock);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable);
        var tenant = await own.NewTenantAsync();
        await tenant.ConnectAsync(own);
        var id = await tenant.Http.SubscribeAsync(receiver.Url);
        await tenant.RegisterAsync(ARecord.Named("a"));

        TimeSpan[] schedule = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10)];
        for (var attempt = 1; attempt <= schedule.Length; attempt++)
        {
            var logged = (await tenant.Http.DeliveriesAsync(id, log => log.Count == 1 && log[0].GetProperty("attempt_count").GetInt32() == attempt))[0];
            logged.Text("status").ShouldBe("pending");
            logged.GetProperty("next_attempt_at").GetDateTimeOffset().ShouldBe(clock.GetUtcNow() + schedule[attempt - 1]);
            clock.Advance(schedule[attempt - 1] - TimeSpan.FromSeconds(1));
            await Task.Delay(attempt < 3 ? 1_500 : 0, TestContext.Current.CancellationToken);   // the sender looks every second
            receiver.All.Count.ShouldBe(attempt);
            clock.Advance(TimeSpan.FromSeconds(1));
            await receiver.TakeAsync(attempt + 1);
        }

        var failed = (await tenant.Http.DeliveriesAsync(id, log => log[0].Text("status") == "failed"))[0];
        failed.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("status_code").GetInt32()).ShouldBe(Enumerable.Repeat(503, 8));
        (await tenant.Http.WebhookStatusAsync(id)).ShouldBe("ERROR");
        var all = receiver.All;
        all.Select(delivery => delivery.Id).Distinct().ShouldHaveSingleItem().ShouldBe(failed.Text("id"));
        all.Select(delivery => delivery.Body).Distinct().ShouldHaveSingleItem();
        all.Select(delivery => delivery.Timestamp).ShouldBe(schedule.Aggregate(new List<long> { Start.ToUnixTimeSeconds() }, (times, wait) => [.. times, times[^1] + (long)wait.TotalSeconds]));
        all.Select(delivery => delivery.Signature).Distinct().Count().ShouldBe(8);
    }

    [Fact]
    public async Task A_delivery_that_failed_for_good_is_sent_again_on_demand()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status410Gone);
        var (tenant, id) = await SubscribedAsync(receiver);
        await tenant.RegisterAsync(ARecord.Named("a"));

        // 410: the receiver wants no more.
        var failed = (await tenant.Http.DeliveriesAsync(id, log => log.Count == 1 && log[0].Text("status") == "failed"))[0];
        (await tenant.Http.WebhookStatusAsync(id)).ShouldBe("INACTIVE");
        var resend = $"/ledger/v1/webhooks/deliveries/{failed.Text("id")}/resend";
        (await tenant.Http.PostJsonAsync(resend, "")).Status.ShouldBe(HttpStatusCode.Conflict);

        receiver.Answer = (_, context) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status204NoContent);
        (await tenant.Http.PutWebhookAsync(id, receiver.Url, "ACTIVE")).Ok();
        var accepted = await tenant.Http.PostJsonAsync(resend, "");
        (accepted.Status, accepted.Json.Text("status")).ShouldBe((HttpStatusCode.Accepted, "pending"));

        (await receiver.TakeAsync(2)).Select(delivery => delivery.Id).Distinct().ShouldHaveSingleItem();
        var delivered = (await tenant.Http.DeliveriesAsync(id, log => log[0].Text("status") == "delivered"))[0];
        delivered.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("status_code").GetInt32()).ShouldBe([410, 204]);
        var strangers = (await host.NewTenantAsync()).Http;
        (await strangers.PostJsonAsync(resend, "")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        await using var target = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(target.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        var (tenant, id) = await SubscribedAsync(receiver);
        await tenant.RegisterAsync(ARecord.Named("a"));

        var attempt = (await tenant.Http.DeliveriesAsync(id, log => log.Count == 1 && log[0].GetProperty("attempt_count").GetInt32() == 1))[0].At("attempts", 0);
        (attempt.GetProperty("status_code").GetInt32(), attempt.Text("error")).ShouldBe((307, "redirect"));
        target.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_receiver_that_never_answers_holds_up_nobody_else()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        slow.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var (tenant, id) = await SubscribedAsync(slow);
        await tenant.Http.SubscribeAsync(quick.Url);

        for (var number = 1; number <= 5; number++) await tenant.RegisterAsync(ARecord.Named($"a{number}"));

        (await quick.TakeAsync(5)).SelectMany(delivery => delivery.RecordIds).Count().ShouldBe(5);
        var attempt = (await tenant.Http.DeliveriesAsync(id, log => log.Any(delivery => delivery.GetProperty("attempt_count").GetInt32() == 1)))
            .First(delivery => delivery.GetProperty("attempt_count").GetInt32() == 1).At("attempts", 0);
        attempt.Text("error").ShouldBe("timeout");
        attempt.GetProperty("duration_ms").GetInt32().ShouldBeInRange(9_900, 60_000);
    }

    private async Task<(TestTenant Tenant, string Id)> SubscribedAsync(Receiver receiver)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.ConnectAsync(host);
        return (tenant, await tenant.Http.SubscribeAsync(receiver.Url));
    }
}
