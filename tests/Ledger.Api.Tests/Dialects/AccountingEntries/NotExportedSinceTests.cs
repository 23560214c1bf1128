using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>Which entries <c>not_exported_since</c> brings back, over histories whose times are set by hand. Time n is n hours after midnight.</summary>
public sealed class NotExportedSinceTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(At(0));
    private readonly LedgerHost _host;
    private TestTenant _tenant = null!;

    public NotExportedSinceTests() => _host = LedgerHost.WithClock(_clock);

    public async ValueTask InitializeAsync() => _tenant = await _host.NewTenantAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Acceptance_2_row_E_of_the_worked_table()
    {
        await _tenant.RegisterAsync(1, 2, 3, 4, 5, 6, 9, 10);
        await MarkAsync(3, 2, 4, 5, 6);
        await _tenant.MarkAsync("wms", 9);
        await MarkAsync(4, 10);
        await ReopenAsync(5, 5, 6);
        _clock.Set(At(6));
        await _tenant.RegisterAsync(7, 8);
        await MarkAsync(7, 3, 4, 7);
        await MarkAsync(8, 6);
        _clock.Set(At(10));

        (await _tenant.IdsAsync("system_id=erp")).ShouldBe([1, 5, 8, 9]);
        (await SinceAsync(10)).ShouldBe([1, 5, 8, 9]);
        (await SinceAsync(7)).ShouldBe([1, 5, 6, 8, 9]);
        (await SinceAsync(4)).ShouldBe([1, 3, 5, 6, 7, 8, 9]);
        (await SinceAsync(0)).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        (await SinceAsync(12)).ShouldBe([1, 5, 8, 9]);
    }

    [Fact]
    public async Task Acceptance_3_random_histories_are_monotone_and_agree_with_the_meaning_in_words()
    {
        await _tenant.RegisterAsync([.. Enumerable.Range(1, Entries).Select(id => (long)id)]);
        var now = 0;
        foreach (var (history, number) in History.Sample(16).Take(40).Select((history, number) => (history, number)))
        {
            var system = $"system {number}";
            var start = now;
            foreach (var (entry, marks) in history)
            {
                _clock.Set(At(++now));
                if (marks) await _tenant.MarkAsync(system, entry);
                else await _tenant.ReopenAsync(_host, system, entry);
            }
            var narrower = await _tenant.IdsAsync($"system_id={system}");
            for (var since = now + 1; since >= start; since--)
            {
                var wider = await _tenant.IdsAsync($"system_id={system}&not_exported_since={Text(since)}");
                wider.ShouldBe(Enumerable.Range(1, Entries).Where(entry => WasUnexported(history, start, entry, since)).Select(entry => (long)entry),
                    $"since {since - start} of {string.Join(' ', history)}");
                narrower.Except(wider).ShouldBeEmpty();
                narrower = wider;
            }
        }
    }

    [Fact]
    public async Task Acceptance_4_a_mark_recorded_exactly_then_counts_as_exported_and_a_microsecond_earlier_does_not()
    {
        await _tenant.RegisterAsync(1);
        await MarkAsync(4, 1);
        (await _tenant.IdsAsync($"system_id=erp&not_exported_since={DateTimeText.Canonical(At(4))}")).ShouldBeEmpty();
        (await _tenant.IdsAsync($"system_id=erp&not_exported_since={DateTimeText.Canonical(At(4).AddMicroseconds(-1))}")).ShouldBe([1]);
    }

    [Fact]
    public async Task Acceptance_5_a_clock_moved_back_an_hour_after_the_mark_brings_nothing_back()
    {
        await _tenant.RegisterAsync(1);
        await MarkAsync(4, 1);
        _clock.Set(At(3));
        (await _tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Acceptance_11_a_second_mark_is_on_the_timeline_and_changes_membership_at_no_time()
    {
        await _tenant.RegisterAsync(1);
        _clock.Set(At(4));
        await _tenant.PostMarksAsync(new { accounting_entry_id = 1, system_id = "erp", note = "first" });
        var before = await MembershipAsync();
        _clock.Set(At(6));
        await _tenant.PostMarksAsync(new { accounting_entry_id = 1, system_id = "erp", note = "second" });

        (await MembershipAsync()).ShouldBe(before);
        (await _tenant.NotesAsync(_host, "erp", 1)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Rule_9_an_entry_edited_after_its_export_is_not_brought_back()
    {
        await _tenant.RegisterAsync(1);
        await MarkAsync(4, 1);
        _clock.Set(At(5));
        await _tenant.RegisterAsync([ARecord.Named("1", amountMinor: 1)]);
        (await _tenant.IdsAsync("system_id=erp")).ShouldBeEmpty();
        (await SinceAsync(4)).ShouldBeEmpty();
    }

    private const int Entries = 4;

    /// <summary>Marks (true) and re-opens (false) of entries, one an hour.</summary>
    private static readonly Gen<(int Entry, bool Marks)[]> History =
        from count in Gen.Choose(1, 9)
        from history in (from entry in Gen.Choose(1, Entries) from marks in Gen.Elements(true, true, false) select (entry, marks)).ArrayOf(count)
        select history;

    // "In the not-exported state at some instant from then to now": the state changes at events only.
    private static bool WasUnexported((int Entry, bool Marks)[] history, int start, int entry, int since)
    {
        var own = history.Select((step, index) => (step.Entry, step.Marks, Time: start + index + 1)).Where(step => step.Entry == entry).ToList();
        bool ExportedAt(int time) => own.LastOrDefault(step => step.Time <= time).Marks;
        return !ExportedAt(since) || own.Any(step => step.Time > since && !ExportedAt(step.Time));
    }

    private async Task<bool[]> MembershipAsync()
    {
        var member = new List<bool>();
        for (var since = 0; since <= 8; since++) member.Add((await SinceAsync(since)).Length == 1);
        return [.. member];
    }

    private Task<long[]> SinceAsync(int time) => _tenant.IdsAsync($"system_id=erp&not_exported_since={Text(time)}");

    private async Task MarkAsync(int time, params long[] ids)
    {
        _clock.Set(At(time));
        await _tenant.MarkAsync("erp", ids);
    }

    private async Task ReopenAsync(int time, params long[] ids)
    {
        _clock.Set(At(time));
        foreach (var id in ids) await _tenant.ReopenAsync(_host, "erp", id);
    }

    private static string Text(int time) => DateTimeText.Canonical(At(time));

    private static DateTimeOffset At(int time) => new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddHours(time);
}
