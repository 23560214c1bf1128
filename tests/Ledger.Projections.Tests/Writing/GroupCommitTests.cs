using Ledger.EventStore;
using Ledger.Projections.Gathering;
using Ledger.Projections.Writing;
using Npgsql;

namespace Ledger.Projections.Tests.Writing;

public sealed class GroupCommitTests
{
    private static readonly string[] Waiting = [.. Enumerable.Range(0, 40).Select(number => $"item-{number}")];

    [Fact]
    public async Task What_comes_while_groups_are_under_way_shares_one_transaction_and_keeps_its_own_metadata()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        var held = await ledger.HoldAllGroupsAsync();
        var waiting = Waiting.Select(record => ledger.CommitAsync(record, 0)).ToList();
        waiting.ShouldAllBe(write => !write.IsCompleted, "nothing is answered before it is durable");

        await ledger.ReleaseAsync();

        (await Task.WhenAll([.. held, .. waiting])).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.TransactionsAsync(Waiting)).ShouldBe(1);
        foreach (var record in Waiting)
        {
            var recorded = (await ledger.EventsAsync(record)).ShouldHaveSingleItem();
            (recorded.CorrelationId, recorded.CausationId, recorded.Actor).ShouldBe(($"request of {record}", $"cause of {record}", $"client of {record}"));
        }
        (await ledger.ScalarAsync<long>("select count(*) from ledger.items where version = 1")).ShouldBe(Waiting.Length);
    }

    [Fact]
    public async Task A_write_that_comes_alone_waits_for_nobody()
    {
        await using var ledger = await CommitsInHand.CreateAsync();

        (await ledger.CommitAsync("a", 0)).ShouldBeOfType<AppendResult.Appended>();
        (await ledger.CommitAsync("a", 0)).ShouldBeOfType<AppendResult.Conflict>().Streams.ShouldBe([new VersionConflict("item/erp/a", 0, 1)]);
    }

    [Fact]
    public async Task A_group_begins_beside_another_one_when_it_is_worth_a_transaction()
    {
        await using var ledger = await CommitsInHand.CreateAsync(worthwhile: 3);
        await ledger.HoldAsync("held");
        var held = ledger.CommitAsync("held", 1);

        string[] company = ["a", "b", "c"];
        var waiting = company.Select(record => ledger.CommitAsync(record, 0)).ToList();

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.TransactionsAsync(company)).ShouldBe(1);
        held.IsCompleted.ShouldBeFalse();
        await ledger.ReleaseAsync();
        await held;
    }

    [Fact]
    public async Task A_group_that_is_held_up_does_not_hold_up_what_comes_after_it()
    {
        await using var ledger = await CommitsInHand.CreateAsync(worthwhile: 1_000, linger: TimeSpan.FromMilliseconds(1));
        await ledger.HoldAsync("held");
        var held = ledger.CommitAsync("held", 1);

        (await ledger.CommitAsync("alone", 0)).ShouldBeOfType<AppendResult.Appended>();

        held.IsCompleted.ShouldBeFalse();
        await ledger.ReleaseAsync();
        await held;
    }

    [Fact]
    public async Task A_group_is_no_larger_than_it_may_be()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.HoldAllGroupsAsync();
        string[] many = [.. Enumerable.Range(0, GroupCommit.MaxEventsPerGroup + 1).Select(number => $"many-{number}")];
        var waiting = many.Select(record => ledger.CommitAsync(record, 0)).ToList();

        await ledger.ReleaseAsync();

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.TransactionsAsync(many)).ShouldBe(2);
    }

    [Fact]
    public async Task One_that_lost_a_race_is_told_and_its_neighbours_succeed_together()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.HoldAllGroupsAsync();
        var waiting = Waiting.Select(record => ledger.CommitAsync(record, 0)).ToList();
        // Another node appends to one of them meanwhile.
        (await ledger.Write("item-7", 0).CommitAsync(ledger.Store, CommitsInHand.Metadata("another node"), cancellationToken: TestContext.Current.CancellationToken)).ShouldBeOfType<AppendResult.Appended>();

        await ledger.ReleaseAsync();

        var results = await Task.WhenAll(waiting);
        results[7].ShouldBeOfType<AppendResult.Conflict>().Streams.ShouldBe([new VersionConflict("item/erp/item-7", 0, 1)]);
        results.Count(result => result is AppendResult.Appended).ShouldBe(Waiting.Length - 1);
        (await ledger.TransactionsAsync(Waiting)).ShouldBe(2);   // the other node's, and one of all the rest
    }

    [Fact]
    public async Task One_that_PostgreSQL_refuses_fails_alone()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.HoldAllGroupsAsync();
        var waiting = Waiting.Select((record, index) => ledger.CommitAsync(record, 0, externalId: index == 7 ? "no \0 can be stored" : "JE-1")).ToList();

        await ledger.ReleaseAsync();

        await Should.ThrowAsync<PostgresException>(waiting[7]);
        waiting.RemoveAt(7);
        (await Task.WhenAll(waiting)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.EventsAsync("item-7")).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_a_unique_index_refuses_fails_alone()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.HoldAllGroupsAsync();
        await ledger.InsertItemRowAsync("item-7");
        var waiting = Waiting.Select(record => ledger.CommitAsync(record, 0)).ToList();

        await ledger.ReleaseAsync();

        (await Should.ThrowAsync<PostgresException>(waiting[7])).SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        waiting.RemoveAt(7);
        (await Task.WhenAll(waiting)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.EventsAsync("item-7")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_decided_on_what_a_group_has_changed_is_told_so_once_that_is_durable()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.HoldAllGroupsAsync();
        var (first, second, next) = (ledger.CommitAsync("a", 0, "JE-1"), ledger.CommitAsync("a", 0, "JE-2"), ledger.CommitAsync("a", 1, "JE-3"));

        await ledger.ReleaseAsync();

        (await first).ShouldBeOfType<AppendResult.Appended>();
        (await second).ShouldBeOfType<AppendResult.Conflict>().Streams.ShouldBe([new VersionConflict("item/erp/a", 0, 1)]);
        (await next).ShouldBeOfType<AppendResult.Appended>("it was decided on what the first one wrote");
        (await ledger.EventsAsync("a")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Writes_that_hold_the_same_stream_share_a_transaction_and_lose_together_when_it_moves()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        await ledger.AppendRecordAsync(0);
        await ledger.HoldAllGroupsAsync();
        var holding = Waiting.Select(record => ledger.CommitAsync(record, 0, holding: 1)).ToList();
        await ledger.ReleaseAsync();
        (await Task.WhenAll(holding)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.TransactionsAsync(Waiting)).ShouldBe(1);

        await ledger.HoldAsync("again-0");
        await ledger.HoldAsync("again-1");
        Task<AppendResult>[] held = [ledger.CommitAsync("again-0", 1), ledger.CommitAsync("again-1", 1)];
        var (losing, other) = (ledger.CommitAsync("item-0", 1, holding: 1), ledger.CommitAsync("item-1", 1));
        await ledger.AppendRecordAsync(1);
        await ledger.ReleaseAsync();

        await Task.WhenAll(held);
        (await losing).ShouldBeOfType<AppendResult.Conflict>().Streams.ShouldBe([new VersionConflict("record/held-record", 1, 2)]);
        (await other).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_caller_who_gives_up_takes_his_own_write_away_and_nobody_elses()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        using var impatience = new CancellationTokenSource();
        await ledger.HoldAsync("begun");
        var begun = ledger.CommitUntilAsync("begun", 1, impatience.Token);
        await ledger.HoldAsync("held");
        var held = ledger.CommitAsync("held", 1);
        var (leaving, staying) = (ledger.CommitUntilAsync("leaving", 0, impatience.Token), ledger.CommitAsync("staying", 0));

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(begun);
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        await ledger.ReleaseAsync();

        await Task.WhenAll(held, staying);
        (await ledger.EventsAsync("leaving")).ShouldBeEmpty();
        await ledger.UntilAsync("what had begun is durable", "select count(*) = 2 and $1 is not null from ledger.mt_events where stream_id = 'item/erp/begun'");
    }

    [Fact]
    public async Task One_too_many_is_refused_at_once_and_writes_nothing()
    {
        await using var ledger = await CommitsInHand.CreateAsync(maxWaiting: 3);
        await ledger.HoldAllGroupsAsync();
        var waiting = Waiting.Take(3).Select(record => ledger.CommitAsync(record, 0)).ToList();

        await Should.ThrowAsync<CrowdedException>(() => ledger.CommitAsync("one too many", 0));
        await ledger.ReleaseAsync();

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result is AppendResult.Appended);
        (await ledger.EventsAsync("one too many")).ShouldBeEmpty();
        (await ledger.CommitAsync("one too many", 0)).ShouldBeOfType<AppendResult.Appended>("there is room again");
    }

    [Fact]
    public async Task An_unknown_outcome_is_unknown_to_all_and_nobody_writes_twice()
    {
        await using var ledger = await CommitsInHand.CreateAsync();
        var held = await ledger.HoldAllGroupsAsync();
        await ledger.HoldAsync("last");
        var waiting = Waiting.Append("last").Select(record => ledger.CommitAsync(record, record == "last" ? 1 : 0)).ToList();
        await ledger.ReleaseAsync("held-0", "held-1");
        await Task.WhenAll(held);

        // The group has written its events and waits for the last row's holder when its connection is cut.
        const string Waits = "from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'";
        await ledger.UntilAsync("the group waits", $"select count(*) = 1 {Waits}");
        await ledger.UntilAsync("its connection is cut", $"select bool_and(pg_terminate_backend(pid)) {Waits}");

        foreach (var write in waiting) await Should.ThrowAsync<NpgsqlException>(write);
        await ledger.ReleaseAsync();
        (await ledger.TransactionsAsync(Waiting)).ShouldBe(0);
    }
}
