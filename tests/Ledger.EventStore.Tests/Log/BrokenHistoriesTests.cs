using Ledger.EventStore.Log;

namespace Ledger.EventStore.Tests.Log;

/// <summary>An event, or its number, was taken out of the database after it was sealed and before it became a leaf.</summary>
public sealed class BrokenHistoriesTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant(), _other = LedgerDatabase.NewTenant();
    private LogUnderTest _log = null!;
    private LogBuilder _builder = null!;

    public async ValueTask InitializeAsync()
    {
        _log = await LogUnderTest.CreateAsync();
        _builder = await _log.LeadAsync();
        await _log.SealedAsync(_tenant, 10);
        await _log.SealedAsync(_other, 10);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [InlineData("delete from ledger.mt_events", "the event is gone")]
    [InlineData("delete from ledger.event_positions", "its number is gone")]
    public async Task Stop_the_log_of_their_tenant_before_the_gap_and_no_other(string delete, string reason)
    {
        await _log.Ledger.ExecuteAsync($"{delete} where seq_id = (select seq_id from ledger.event_positions where tenant_id = '{_tenant}' and position = 4)");

        var flush = await _builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);

        flush.Broken.ShouldHaveSingleItem().ShouldBe(new BrokenHistory(_tenant, 4, reason));
        (flush.Leaves, flush.IsBehind).ShouldBe((13, false));
        (await _log.Reader.SizeAsync(_tenant, TestContext.Current.CancellationToken)).ShouldBe(3);
        await _log.ShouldProveAsync(_other, 10);

        // The next flush says so again, does not try for ever, and still serves the others.
        await _log.SealedAsync(_other, 1);
        flush = await _builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);
        (flush.Leaves, flush.IsBehind, flush.Broken.Count).ShouldBe((1, false, 1));
    }

    [Fact]
    public async Task Are_taken_up_again_once_they_are_whole()
    {
        await _log.Ledger.ExecuteAsync("create table aside as select * from ledger.mt_events where seq_id = 4; delete from ledger.mt_events where seq_id = 4");
        await _builder.FlushAllAsync();

        await _log.Ledger.ExecuteAsync("insert into ledger.mt_events select * from aside");
        await _log.SealedAsync(_other, 1);
        var flush = await _builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);
        (flush.Leaves, flush.Broken.Count).ShouldBe((2, 0));   // one of the tenant that was stuck, as a trial

        await _builder.FlushAllAsync();
        await _log.ShouldProveAsync(_tenant, 10);
    }

    [Fact]
    public async Task Are_looked_at_by_a_new_builder_though_nothing_new_was_sealed()
    {
        await _log.Ledger.ExecuteAsync("create table aside as select * from ledger.mt_events where seq_id = 4; delete from ledger.mt_events where seq_id = 4");
        await _builder.FlushAllAsync();
        await _log.Ledger.ExecuteAsync("insert into ledger.mt_events select * from aside");

        (await (await _log.LeadAsync()).FlushAllAsync()).ShouldBe(7);
        await _log.ShouldProveAsync(_tenant, 10);
    }
}
