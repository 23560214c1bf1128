using System.Buffers;
using System.Security.Cryptography;
using System.Text;
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
    private readonly byte[] _salts = new byte[256 * BodyHashing.SaltLength];
    private int _saltsLeft;   // asking the operating system for each would cost as much as hashing does

    public IReadOnlyList<BrokenHistory> Broken => _broken;

    /// <returns>The tenants whose logs grow, and by what.</returns>
    public async Task<List<TenantLeaves>> RunAsync(NpgsqlConnection connection, IReadOnlyList<TenantSlice> slices, CancellationToken cancellationToken)
    {
        if (slices.Count == 0) return [];
        var making = slices.Select(slice => new SliceMaking(new TenantLeaves(slice.TenantId, new TreeGrowth(slice.Size, slice.Subtrees), slice.Last), Encoding.UTF8.GetBytes(slice.TenantId))).ToList();
        await using (var rows = await WaitingRows.OpenAsync(connection, slices, cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                var row = rows.Current;
                var slice = making[row.Slice];
                slice.Fault ??= TryAdd(slice, row);
            }
        }
        foreach (var (slice, made) in slices.Zip(making))
        {
            if (made.Fault is null && made.Leaves.Tree.Size < slice.Last) made.Fault = "its number is gone";
            if (made.Fault is not null) _broken.Add(new(slice.TenantId, made.Leaves.Tree.Size + 1, made.Fault));
        }
        return [.. making.Select(made => made.Leaves).Where(leaves => leaves.Count > 0)];
    }

    /// <returns>Why the event at the next position cannot become a leaf; null when it has.</returns>
    internal string? TryAdd(SliceMaking slice, in WaitingRow row)
    {
        var leaves = slice.Leaves;
        if (row.Position != leaves.Tree.Size + 1) return "its number is gone";
        if (row.IsGone) return "the event is gone";
        if (!row.HasStream) return "its stream is gone";
        try
        {
            var salt = NextSalt();
            _text.ResetWrittenCount();
            CanonicalJson.Write(row.Body, _text);
            var bodyHash = BodyHashing.OfCanonical(salt, _text.WrittenSpan);
            _text.ResetWrittenCount();
            new EnvelopeText
            {
                TenantId = slice.TenantId, Position = row.Position, StreamId = row.StreamId, Version = row.Version, EventId = row.EventId, Type = row.Type, RecordedAt = row.RecordedAt(),
                HasCorrelation = row.HasCorrelation, CorrelationId = row.CorrelationId, HasCausation = row.HasCausation, CausationId = row.CausationId, Headers = row.Headers, BodyHash = bodyHash,
            }.Write(_text);
            if (_text.WrittenCount > EventEnvelope.MaxLength) return $"its envelope has {_text.WrittenCount} bytes";
            leaves.Add(Digest.OfLeaf(_text.WrittenSpan), salt, bodyHash);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    private ReadOnlySpan<byte> NextSalt()
    {
        if (_saltsLeft == 0)
        {
            RandomNumberGenerator.Fill(_salts);
            _saltsLeft = _salts.Length / BodyHashing.SaltLength;
        }
        return _salts.AsSpan(--_saltsLeft * BodyHashing.SaltLength, BodyHashing.SaltLength);
    }
}

/// <summary>One tenant's part of a flush while it is made.</summary>
/// <param name="tenantId">In UTF-8.</param>
internal sealed class SliceMaking(TenantLeaves leaves, byte[] tenantId)
{
    public TenantLeaves Leaves => leaves;

    public ReadOnlySpan<byte> TenantId => tenantId;

    /// <summary>Why it does not go on; null while it does.</summary>
    public string? Fault { get; set; }
}
