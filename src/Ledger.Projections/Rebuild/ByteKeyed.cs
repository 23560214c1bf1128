using System.Diagnostics.CodeAnalysis;

namespace Ledger.Projections.Rebuild;

/// <summary>Values by keys that are looked up where they lie in a larger array, without a copy of each.</summary>
internal sealed class ByteKeyed<TValue>
{
    private readonly Dictionary<byte[], TValue> _values = new(new Comparer());
    private readonly Dictionary<byte[], TValue>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public ByteKeyed() => _lookup = _values.GetAlternateLookup<ReadOnlySpan<byte>>();

    public Dictionary<byte[], TValue>.ValueCollection Values => _values.Values;

    public bool TryGetValue(ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out TValue value) => _lookup.TryGetValue(key, out value);

    public void Add(ReadOnlySpan<byte> key, TValue value) => _values.Add(key.ToArray(), value);

    public void Clear() => _values.Clear();

    private sealed class Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
        public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
