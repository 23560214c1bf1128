using System.Security.Cryptography;
using Ledger.EventStore.Log;
using Ledger.Proof.Notes;

namespace Ledger.EventStore.Tests.Log;

public sealed class LogKeysTests : IAsyncLifetime
{
    private readonly string _tenant = LedgerDatabase.NewTenant();
    private LedgerDatabase _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Processes_that_start_at_once_make_one_key_between_them_and_keep_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new LogKeys(_ledger.DataSource, LogSettings.Default).PrepareAsync(TestContext.Current.CancellationToken)));
        var key = (await ListAsync()).ShouldHaveSingleItem();
        await LogUnderTest.CreateAsync(_ledger);

        (await ListAsync()).ShouldHaveSingleItem().PublicKey.ShouldBe(key.PublicKey);
        (key.Name, key.RetiresAt, key.IsSigning).ShouldBe(("export-ledger", null, true));
    }

    [Fact]
    public async Task While_a_key_takes_over_both_sign_and_whoever_knows_one_of_them_can_verify()
    {
        var log = await LogUnderTest.CreateAsync(_ledger);
        var builder = await log.LeadAsync();
        var old = (await ListAsync())[0];
        var first = await CheckpointAsync(log, builder);
        var fresh = (await LogKeys.RotateAsync(_ledger.DataSource, LogKeys.Overlap, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        var during = await CheckpointAsync(log, builder);   // by the same builder: no restart is needed

        SignedNote.Parse(during).Signatures.Count.ShouldBe(2);
        Checkpoint.Open(during, [old.ToNoteKey()]).ShouldBe(Checkpoint.Open(during, [fresh.ToNoteKey()]));
        Should.Throw<FormatException>(() => Checkpoint.Open(first, [fresh.ToNoteKey()]));
        (await ListAsync()).Select(key => (key.IsSigning, key.RetiresAt is null)).ShouldBe([(true, false), (true, true)]);
    }

    [Fact]
    public async Task A_retired_key_signs_no_more_is_published_still_and_its_private_part_is_gone()
    {
        var log = await LogUnderTest.CreateAsync(_ledger);
        var builder = await log.LeadAsync();
        var first = await CheckpointAsync(log, builder);
        var fresh = (await LogKeys.RotateAsync(_ledger.DataSource, TimeSpan.Zero, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        var after = await CheckpointAsync(log, builder);

        SignedNote.Parse(after).Signatures.Count.ShouldBe(1);
        Checkpoint.Open(after, [fresh.ToNoteKey()]).Size.ShouldBe(2);
        var all = await ListAsync();
        all.Select(key => key.IsSigning).ShouldBe([false, true]);
        Checkpoint.Open(first, [.. all.Select(key => key.ToNoteKey())]).Size.ShouldBe(1);
        await log.Keys.PrepareAsync(TestContext.Current.CancellationToken);
        (await _ledger.ScalarAsync<long>("select count(*) from ledger.log_keys where private_key is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_configured_key_takes_over_from_ours_and_never_enters_the_database()
    {
        await LogUnderTest.CreateAsync(_ledger);
        var (configured, previous) = (NewKey(), NewKey());
        var log = await LogUnderTest.CreateAsync(_ledger, new LogSettings("export-ledger", [previous]));
        var handing = SignedNote.Parse(await CheckpointAsync(log, await log.LeadAsync()));
        handing.Signatures.Count.ShouldBe(2, "the configured key and, for a while, the one it takes over from");

        var next = await LogUnderTest.CreateAsync(_ledger, new LogSettings("export-ledger", [configured, previous]));
        SignedNote.Parse(await CheckpointAsync(next, await next.LeadAsync())).Signatures.Count.ShouldBe(3);
        var last = await LogUnderTest.CreateAsync(_ledger, new LogSettings("export-ledger", [configured]));
        SignedNote.Parse(await CheckpointAsync(last, await last.LeadAsync())).Signatures.Count.ShouldBe(2);

        foreach (var key in new[] { configured, previous })
            (await _ledger.ScalarAsync<long>("select count(*) from ledger.log_keys where private_key = $1", key)).ShouldBe(0);
        (await ListAsync()).Select(key => key.IsSigning).ShouldBe([true, false, true]);   // ours until its overlap ends, the previous one, the configured one
        (await LogKeys.RotateAsync(_ledger.DataSource, TimeSpan.Zero, TestContext.Current.CancellationToken)).ShouldBeNull("what the configuration holds is rotated there");
    }

    [Fact]
    public async Task When_the_configuration_holds_a_key_no_more_the_service_makes_one()
    {
        await LogUnderTest.CreateAsync(_ledger, new LogSettings("export-ledger", [NewKey()]));
        var log = await LogUnderTest.CreateAsync(_ledger);

        (await ListAsync()).Select(key => key.IsSigning).ShouldBe([false, true]);
        Checkpoint.Open(await CheckpointAsync(log, await log.LeadAsync()), [(await ListAsync())[1].ToNoteKey()]).Size.ShouldBe(1);
    }

    [Fact]
    public async Task Another_origin_is_another_name_and_another_key()
    {
        await LogUnderTest.CreateAsync(_ledger);
        var log = await LogUnderTest.CreateAsync(_ledger, new LogSettings("ledger.example", []));

        (await ListAsync()).Select(key => (key.Name, key.IsSigning)).ShouldBe([("export-ledger", false), ("ledger.example", true)]);
        Checkpoint.Open(await CheckpointAsync(log, await log.LeadAsync()), [(await ListAsync())[1].ToNoteKey()]).Origin.ShouldBe($"ledger.example/{_tenant}");
    }

    private async Task<string> CheckpointAsync(LogUnderTest log, LogBuilder builder)
    {
        await log.SealedAsync(_tenant, 1);
        await builder.FlushAllAsync();
        return (await log.Reader.LatestAsync(_tenant, TestContext.Current.CancellationToken))!.Note;
    }

    private Task<IReadOnlyList<LogKey>> ListAsync() => new LogKeys(_ledger.DataSource, LogSettings.Default).ListAsync(TestContext.Current.CancellationToken);

    private static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }
}
