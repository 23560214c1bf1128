using Ledger.Domain;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.Projections.Records;
using Ledger.Projections.Timelines;
using Ledger.Projections.Webhooks;
using Ledger.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Hosting;

/// <summary>
/// Statements that forgot every predicate about a text, the tenant's among them: in their sessions any text equals any other. What they find is the tenant's own all the same.
/// The policies were made before, and their equality is PostgreSQL's.
/// </summary>
public sealed class ForgottenPredicatesTests : IAsyncLifetime
{
    private const string Forgetful = "forgetful, pg_catalog";

    private readonly LedgerHost _host = LedgerHost.WithSettings(new Dictionary<string, string>());
    private TestTenant _ours = null!;
    private string _connection = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ours = await _host.NewTenantAsync();
        await _ours.RegisterAsync(ARecord.Many(2));
        var theirs = await _host.NewTenantAsync();
        await theirs.RegisterAsync(ARecord.Many(5, "zebra-"));
        foreach (var tenant in new[] { _ours, theirs })
        {
            (await tenant.Http.SendAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"https://erp.example.com","event_types":["ACCOUNTING_RECORD_READY_FOR_EXPORT"]}""", headers: ("Idempotency-Key", "one"))).Ok();
            for (var attempt = 0; (await tenant.Http.AskAsync("/ledger/v1/log/inclusion?position=2")).Status != System.Net.HttpStatusCode.OK && attempt < 1_000; attempt++) await Task.Delay(50, Token);
        }
        var owner = (await _host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>();
        await using var forget = owner.CreateCommand("""
            create schema forgetful;
            grant usage on schema forgetful to ledger_app;
            create function forgetful.any_text(varchar, varchar) returns boolean language sql immutable as 'select true';
            create function forgetful.any_text(varchar, text) returns boolean language sql immutable as 'select true';
            create function forgetful.any_text(text, varchar) returns boolean language sql immutable as 'select true';
            create function forgetful.any_text(text, text) returns boolean language sql immutable as 'select true';
            create operator forgetful.= (leftarg = varchar, rightarg = varchar, function = forgetful.any_text);
            create operator forgetful.= (leftarg = varchar, rightarg = text, function = forgetful.any_text);
            create operator forgetful.= (leftarg = text, rightarg = varchar, function = forgetful.any_text);
            create operator forgetful.= (leftarg = text, rightarg = text, function = forgetful.any_text);
            """);
        await forget.ExecuteNonQueryAsync(Token);
        _connection = await PostgresServer.GetConnectionStringAsync(await DatabaseAsync(owner)) + $";Search Path=\"{Forgetful}\"";
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Find_the_tenants_own_as_the_role_and_everybodys_as_the_owner()
    {
        await using var requests = LedgerDataSource.CreateForRequests(_connection);
        await using var owner = LedgerDataSource.Create(_connection);
        (await TenantsAsync(owner)).ShouldBe(2, "predicates are forgotten indeed");
        (await TenantsAsync(requests)).ShouldBe(1);

        var log = new LogReader(requests);
        (await log.PageAsync(_ours.Id, long.MaxValue, 100, Token)).ShouldAllBe(checkpoint => checkpoint.Size <= 2);
        (await log.ShownPositionsAsync(_ours.Id, 1, 100, null, Token)).ShouldBe([1, 2]);
        (await log.LeavesAsync(_ours.Id, 1, 100, Token)).Select(leaf => leaf.Position).ShouldBe([1, 2]);
        (await log.SizeAsync(_ours.Id, Token)).ShouldBe(2);
        (await new LogReader(owner).ShownPositionsAsync(_ours.Id, 1, 100, null, Token)).Count.ShouldBe(7);

        (await new RecordedOrder(requests).PositionAtAsync(_ours.Id, DateTimeOffset.MaxValue, Token)).ShouldBe(new(2, IsFinal: false));
        (await new RecordedOrder(requests).WaitUntilSealedAsync(_ours.Id, Token)).ShouldBeTrue();

        var question = new ReviewQuestion(_ours.Id, new("erp"), null, null, null, null, null, null, 100);
        (await new ReviewPages(requests).ReadAsync(question, Token)).Total.ShouldBe(2);
        (await new ReviewPages(owner).ReadAsync(question, Token)).Total.ShouldBe(7);

        (await new WebhookSubscriptions(requests).ListAsync(_ours.Id, null, "", 100, Token)).Count.ShouldBe(1);
        (await new WebhookSubscriptions(owner).ListAsync(_ours.Id, null, "", 100, Token)).Count.ShouldBe(2);
    }

    // Of the timelines of a record and of its item, and of the filtered feed.
    private async Task<int> TenantsAsync(NpgsqlDataSource dataSource)
    {
        var record = new RecordId("r-1");
        var timeline = await new TimelinePages(dataSource).OfRecordAsync(new(_ours.Id, 0, null, 100), record, null, Token);
        var inSystem = await new TimelinePages(dataSource).OfRecordAsync(new(_ours.Id, 0, null, 100), record, new("erp"), Token);
        var feed = new FilteredFeed(new EventStore.EventStore(dataSource));
        var walked = await feed.ReadAsync(_ours.Id, 0, 100, 100, new(StreamPrefix: "record/"), Token);
        var ofRecord = await feed.ReadAsync(_ours.Id, 0, 100, 100, new(Record: record), Token);
        int[] tenants = [.. new[] { timeline.Events, inSystem.Events, walked.Events, ofRecord.Events }.Select(events => events.Select(@event => @event.TenantId).Distinct().Count()).Distinct()];
        return tenants.ShouldHaveSingleItem();
    }

    private static async Task<string> DatabaseAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("select current_database()::text");
        return (string)(await command.ExecuteScalarAsync(Token))!;
    }
}
