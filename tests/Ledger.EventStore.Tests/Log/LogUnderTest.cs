using System.Text.Json;
using Ledger.EventStore.Log;
using Ledger.EventStore.Sealing;
using Ledger.EventStore.Tests.Sealing;
using Ledger.Proof.Canonical;
using Ledger.Proof.Events;
using Ledger.Proof.Notes;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Tests.Log;

/// <summary>A ledger with a sealer, keys and a reader of its log; whoever tests brings the builders.</summary>
internal sealed class LogUnderTest : IAsyncDisposable
{
    private LogUnderTest(LedgerDatabase ledger, Sealer sealer, LogSettings settings)
    {
        (Ledger, Sealer, Settings) = (ledger, sealer, settings);
        Keys = new LogKeys(ledger.DataSource, settings);
        Signer = new CheckpointSigner(Keys, settings);
        Reader = new LogReader(ledger.DataSource);
    }

    public LedgerDatabase Ledger { get; }

    public Sealer Sealer { get; }

    public LogSettings Settings { get; }

    public LogKeys Keys { get; }

    public CheckpointSigner Signer { get; }

    public LogReader Reader { get; }

    public static async Task<LogUnderTest> CreateAsync(LedgerDatabase? ledger = null, LogSettings? settings = null)
    {
        ledger ??= await LedgerDatabase.CreateAsync();
        var log = new LogUnderTest(ledger, await ledger.LeadAsync(), settings ?? LogSettings.Default);
        await log.Keys.PrepareAsync(TestContext.Current.CancellationToken);
        return log;
    }

    public Task<LogBuilder> LeadAsync() => LogBuilder.LeadAsync(Ledger.DataSource, Signer, TestContext.Current.CancellationToken);

    /// <summary>Appends events of one tenant, each to a stream of its own, and seals them.</summary>
    public async Task SealedAsync(string tenant, int events)
    {
        if (events > 0) await Ledger.Store.MustAppendAsync(tenant, [.. Enumerable.Range(0, events).Select(_ => Sample.To($"item/{Guid.NewGuid()}", 0))]);
        await Sealer.SealAllAsync();
    }

    public async Task<IReadOnlyList<NoteKey>> VerifierKeysAsync() => [.. (await Keys.ListAsync(TestContext.Current.CancellationToken)).Select(key => key.ToNoteKey())];

    /// <summary>Everything the log says of a tenant, held against its feed and RFC 6962 as it is written.</summary>
    /// <returns>The leaf hashes.</returns>
    public async Task<Digest[]> ShouldProveAsync(string tenant, long size)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        (await Reader.SizeAsync(tenant, cancellationToken)).ShouldBe(size);
        var feed = await Ledger.Store.ReadFeedAsync(tenant, 0, (int)size, cancellationToken);
        var stored = await Reader.LeavesAsync(tenant, 1, long.MaxValue, cancellationToken);
        stored.Select(leaf => leaf.Position).ShouldBe(feed.Select(recorded => recorded.Position!.Value));
        stored.Select(leaf => Convert.ToHexString(leaf.Salt!)).ShouldBeUnique();
        var leaves = feed.Zip(stored, Leaf).ToArray();
        stored.Select(leaf => leaf.Hash).ShouldBe(leaves);

        var keys = await VerifierKeysAsync();
        var checkpoints = await Reader.PageAsync(tenant, long.MaxValue, int.MaxValue, cancellationToken);
        if (size > 0) checkpoints[0].Size.ShouldBe(size);
        foreach (var checkpoint in checkpoints)
        {
            var opened = Checkpoint.Open(checkpoint.Note, keys);
            opened.ShouldBe(new Checkpoint(Settings.OriginOf(tenant), checkpoint.Size, checkpoint.Root));
            opened.Root.ShouldBe(NaiveTree.Root(leaves.AsSpan(0, (int)checkpoint.Size)));
        }
        await ShouldHaveTilesAsync(tenant, leaves);
        return leaves;
    }

    // Level by level: every tile holds the roots of the full tiles below it.
    private async Task ShouldHaveTilesAsync(string tenant, Digest[] leaves)
    {
        var (level, hashes) = (0, leaves);
        for (; hashes.Length > 0; level++)
        {
            for (var index = 0; index * Tile.FullWidth < hashes.Length; index++)
            {
                var expected = hashes.Skip(index * Tile.FullWidth).Take(Tile.FullWidth).ToList();
                var tile = await Reader.TileAsync(tenant, new Tile(level, index, expected.Count), TestContext.Current.CancellationToken);
                tile.Chunk(Digest.Size).Select(hash => Digest.From(hash)).ShouldBe(expected);
            }
            hashes = [.. hashes.Chunk(Tile.FullWidth).Where(tile => tile.Length == Tile.FullWidth).Select(tile => NaiveTree.Root(tile))];
        }
        (await Ledger.ScalarAsync<long>("select count(*) from ledger.log_tiles where tenant_id = $1 and level >= $2", tenant, level)).ShouldBe(0);
        // Full chunks have become one row each.
        (await Ledger.ScalarAsync<long>("select count(*) from ledger.log_leaves where tenant_id = $1 and first_position <= $2", tenant, (long)(leaves.Length / 256 * 256))).ShouldBe(leaves.Length / 256);
    }

    private static Digest Leaf(RecordedEvent recorded, StoredLeaf stored)
    {
        BodyHashing.Of(stored.Salt, recorded.Data).ShouldBe(stored.BodyHash);
        var headers = recorded.Actor is null ? default : JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string?> { ["dialect"] = recorded.Dialect, ["actor"] = recorded.Actor });
        // The members in no order: the canonical form puts them right.
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["tenant_id"] = recorded.TenantId,
            ["position"] = recorded.Position,
            ["stream_id"] = recorded.StreamId,
            ["version"] = recorded.Version,
            ["event_id"] = recorded.Id.ToString("D"),
            ["type"] = recorded.Type,
            ["recorded_at"] = recorded.RecordedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["correlation_id"] = recorded.CorrelationId,
            ["causation_id"] = recorded.CausationId,
            ["headers"] = headers is null ? null : JsonElement.Parse(headers),
            ["body_hash"] = stored.BodyHash.ToString(),
        });
        return Digest.From(System.Security.Cryptography.SHA256.HashData([0, .. CanonicalJson.Of(envelope)]));
    }

    public async ValueTask DisposeAsync()
    {
        Signer.Dispose();
        await Ledger.DisposeAsync();
    }
}

internal static class LogBuilderExtensions
{
    /// <returns>How many leaves were made.</returns>
    public static async Task<long> FlushAllAsync(this LogBuilder builder, int limit = 20_000)
    {
        var leaves = 0L;
        while (true)
        {
            var flush = await builder.FlushAsync(limit, TestContext.Current.CancellationToken);
            leaves += flush.Leaves;
            if (!flush.IsBehind) return leaves;
        }
    }
}
