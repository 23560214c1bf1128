using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Ledger.EventStore.Log;
using Ledger.Proof.Bundles;
using Ledger.Proof.Notes;
using Ledger.Proof.Online;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;
using Npgsql;

namespace Ledger.Api.Tests.Tampering;

/// <summary>What the service would show of a tenant's log, read straight from its database by the service's own readers: hundreds of verifications in a second.</summary>
internal sealed class StoredLog(NpgsqlDataSource dataSource, string tenantId) : ILogSource
{
    private readonly LogReader _log = new(dataSource);

    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand("select name, public_key from ledger.log_keys order by added_at");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            using var publicKey = ECDsa.Create();
            publicKey.ImportSubjectPublicKeyInfo(reader.GetFieldValue<byte[]>(1), out _);
            using var key = NoteKey.From(reader.GetString(0), publicKey);
            keys.Add(key.VerifierKey);
        }
        return keys;
    }

    public async Task<string> CheckpointAsync(CancellationToken cancellationToken = default) => (await _log.LatestAsync(tenantId, cancellationToken))!.Note;

    public async IAsyncEnumerable<StoredCheckpoint> CheckpointsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var kept in await _log.PageAsync(tenantId, long.MaxValue, 1_000, cancellationToken)) yield return new(kept.Size, kept.Note);
    }

    public async Task<Stream> EventsAsync(long size, CancellationToken cancellationToken = default) => new MemoryStream(await EventLinesAsync(size, cancellationToken));

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default) => await _log.TileAsync(tenantId, tile, cancellationToken);

    /// <summary>The latest checkpoint and all events as a bundle that holds every older checkpoint, too.</summary>
    public async Task<BundleReport> VerifyBundleAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var notes = await _log.PageAsync(tenantId, long.MaxValue, 1_000, cancellationToken);
        var events = await EventLinesAsync(notes[0].Size, cancellationToken);
        var files = new Dictionary<string, byte[]> { [BundleManifest.NdjsonName] = events, [BundleManifest.ProofName] = [] };
        files[BundleManifest.FileName] = new BundleManifest(
            $"{LogSettings.DefaultOrigin}/{tenantId}", tenantId, keys, notes[0].Note, [.. notes.Skip(1).Reverse().Select(older => older.Note)], new(null, null, null, 1, notes[0].Size), notes[0].Size,
            events.Count(value => value == '\n'), [.. files.Select(file => new BundleFile(file.Key, file.Value.Length, Digest.OfBytes(file.Value)))]).ToBytes();
        return new BundleVerifier(name => new MemoryStream(files[name]), keys).Verify();
    }

    private async Task<byte[]> EventLinesAsync(long size, CancellationToken cancellationToken)
    {
        var lines = new ArrayBufferWriter<byte>(1 << 16);
        foreach (var shown in await _log.ShownAsync(tenantId, 1, size, hidden: null, cancellationToken)) EventWriter.WriteLine(shown, lines);
        return lines.WrittenSpan.ToArray();
    }
}
