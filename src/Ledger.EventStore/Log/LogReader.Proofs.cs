using System.Buffers;
using System.Buffers.Binary;
using Ledger.Proof.Events;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.EventStore.Log;

public sealed partial class LogReader
{
    /// <summary>The hashes that lead from the leaf of a position to the root of the tree of a size, and that root.</summary>
    /// <param name="position">From 1 to <paramref name="size"/>.</param>
    /// <param name="size">At most the log's size.</param>
    public async Task<(Digest Root, Digest[] Proof)> InclusionAsync(string tenantId, long position, long size, CancellationToken cancellationToken = default)
    {
        var nodes = NodesOf(tenantId, size);
        return (await MerkleProof.RootAsync(size, nodes, cancellationToken), await MerkleProof.MakeInclusionAsync(position - 1, size, nodes, cancellationToken));
    }

    /// <summary>The hashes that show the tree of one size to be the beginning of the tree of another, and both roots.</summary>
    public async Task<(Digest FromRoot, Digest ToRoot, Digest[] Proof)> ConsistencyAsync(string tenantId, long from, long to, CancellationToken cancellationToken = default)
    {
        var nodes = NodesOf(tenantId, to);
        return (await MerkleProof.RootAsync(from, nodes, cancellationToken), await MerkleProof.RootAsync(to, nodes, cancellationToken), await MerkleProof.MakeConsistencyAsync(from, to, nodes, cancellationToken));
    }

    /// <summary>The hashes of a tile of level 0 or above; fewer than its width when the log is not that long, none when there is nothing of it.</summary>
    public async Task<byte[]> TileAsync(string tenantId, Tile tile, CancellationToken cancellationToken = default)
    {
        await using var command = tile.Level == 0
            ? Command("select hashes from ledger.log_leaves where tenant_id = $1 and first_position > $2 and first_position <= $2 + $3 order by first_position", tenantId, tile.FirstLeaf, (long)Tile.FullWidth)
            : Command("select hashes from ledger.log_tiles where tenant_id = $1 and level = $2 and tile = $3", tenantId, (short)tile.Level, tile.Index);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        using var hashes = new MemoryStream();
        while (await reader.ReadAsync(cancellationToken)) hashes.Write(reader.GetFieldValue<byte[]>(0));
        return hashes.GetBuffer()[..(int)Math.Min(hashes.Length, tile.Width * Digest.Size)];
    }

    /// <summary>
    /// The logged events at positions <paramref name="first"/> to <paramref name="last"/>, in order, those that are gone left out. What is shown is the event as it stands in the store,
    /// beside what its leaf was made of: whether the two still belong together is what a verifier finds out.
    /// </summary>
    /// <remarks>All in memory: ask for a few hundred at a time.</remarks>
    public async Task<List<LoggedEvent>> EventsAsync(string tenantId, long first, long last, CancellationToken cancellationToken = default)
    {
        var leaves = (await LeavesAsync(tenantId, first, last, cancellationToken)).ToDictionary(leaf => leaf.Position);
        await using var batch = dataSource.CreateBatch(tenantId);
        batch.BatchCommands.Add(SealedEvents.Command(tenantId, first, last));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var events = new List<LoggedEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!SealedEvents.IsGone(reader) && leaves.TryGetValue(SealedEvents.Position(reader), out var leaf))
                events.Add(new(leaf, SealedEvents.Envelope(reader, tenantId, leaf.BodyHash), SealedEvents.Body(reader)));
        }
        return events;
    }

    /// <summary>An entry bundle: each event as two bytes of length and its canonical envelope. Null when one of them is gone, or has been made too large.</summary>
    /// <param name="tile">An entry bundle that the log has.</param>
    public async Task<byte[]?> EntriesAsync(string tenantId, Tile tile, CancellationToken cancellationToken = default)
    {
        var events = await EventsAsync(tenantId, tile.FirstLeaf + 1, tile.FirstLeaf + tile.Width, cancellationToken);
        if (events.Count != tile.Width) return null;
        var bundle = new ArrayBufferWriter<byte>(tile.Width * 512);
        foreach (var logged in events)
        {
            var bytes = logged.Envelope.ToBytes();
            if (bytes.Length > EventEnvelope.MaxLength) return null;
            BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(sizeof(ushort)), (ushort)bytes.Length);
            bundle.Advance(sizeof(ushort));
            bundle.Write(bytes);
        }
        return bundle.WrittenSpan.ToArray();
    }

    /// <summary>The nodes of the tree as it was when it had <paramref name="size"/> leaves.</summary>
    public TileNodes NodesOf(string tenantId, long size) => new(new Tiles(this, tenantId), size);

    private sealed class Tiles(LogReader log, string tenantId) : ITileReader
    {
        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default) => await log.TileAsync(tenantId, tile, cancellationToken);
    }
}
