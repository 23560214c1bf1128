using System.Buffers;
using System.Security.Cryptography;
using Ledger.Proof.Canonical;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>The part of one tenant's history that a flush takes on.</summary>
/// <param name="Size">Leaves so far; <paramref name="Last"/> is the last position to be logged.</param>
internal sealed record TenantSlice(string TenantId, long Size, byte[] Subtrees, long Last);

/// <summary>Makes leaves of events while they stream in: one body in memory at a time.</summary>
internal sealed class LeafMaking
{
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private readonly List<BrokenHistory> _broken = [];

    public IReadOnlyList<BrokenHistory> Broken => _broken;

    /// <returns>The tenants whose logs grow, and by what.</returns>
    public async Task<List<TenantLeaves>> RunAsync(NpgsqlConnection connection, IReadOnlyList<TenantSlice> slices, CancellationToken cancellationToken)
    {
        var grown = new List<TenantLeaves>();
        if (slices.Count == 0) return grown;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var slice in slices) batch.BatchCommands.Add(SealedEvents.Command(slice.TenantId, slice.Size + 1, slice.Last));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var slice in slices)
        {
            var leaves = new TenantLeaves(slice.TenantId, new TreeGrowth(slice.Size, slice.Subtrees));
            string? fault = null;
            while (await reader.ReadAsync(cancellationToken)) fault ??= TryAdd(leaves, reader);
            if (fault is null && leaves.Tree.Size < slice.Last) fault = "its number is gone";
            if (fault is not null) _broken.Add(new(slice.TenantId, leaves.Tree.Size + 1, fault));
            if (leaves.Count > 0) grown.Add(leaves);
            await reader.NextResultAsync(cancellationToken);
        }
        return grown;
    }

    /// <returns>Why the event at the next position cannot become a leaf; null when it has.</returns>
    private string? TryAdd(TenantLeaves leaves, NpgsqlDataReader row)
    {
        if (SealedEvents.Position(row) != leaves.Tree.Size + 1) return "its number is gone";
        if (SealedEvents.IsGone(row)) return "the event is gone";
        try
        {
            Span<byte> salt = stackalloc byte[BodyHashing.SaltLength];
            RandomNumberGenerator.Fill(salt);
            _text.ResetWrittenCount();
            CanonicalJson.Write(SealedEvents.Body(row), _text);
            var bodyHash = BodyHashing.OfCanonical(salt, _text.WrittenSpan);
            _text.ResetWrittenCount();
            SealedEvents.Envelope(row, leaves.TenantId, bodyHash).Write(_text);
            if (_text.WrittenCount > EventEnvelope.MaxLength) return $"its envelope has {_text.WrittenCount} bytes";
            leaves.Add(Digest.OfLeaf(_text.WrittenSpan), salt, bodyHash);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }
}
