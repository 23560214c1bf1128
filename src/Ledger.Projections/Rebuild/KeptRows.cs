using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Ledger.Projections.Rebuild;

/// <summary>The rows of one file that read models have, found by all their bytes. Used again for the next file.</summary>
internal sealed class KeptRows
{
    private readonly List<(byte Tag, Range Row, uint Hash)> _rows = [];
    private byte[] _file = [];
    private bool[] _taken = [];
    private int[] _slots = [];   // number of the row from 1; 0: free
    private HashSet<(string Tenant, string System, long Number)>? _queued;

    public void Start(byte[] file)
    {
        _file = file;
        _rows.Clear();
        _queued = null;
    }

    public void Add(byte tag, Range row) => _rows.Add((tag, row, Hash(tag, _file.AsSpan(row))));

    /// <summary>All are there: from now on they can be taken.</summary>
    public void Complete()
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, _rows.Count * 2));
        if (_slots.Length < slots) (_slots, _taken) = (new int[slots], new bool[slots]);
        Array.Clear(_slots);
        Array.Clear(_taken);
        for (var row = 0; row < _rows.Count; row++)
        {
            var slot = Slot(_rows[row].Hash);
            while (_slots[slot] != 0) slot = Slot((uint)slot + 1);
            _slots[slot] = row + 1;
        }
    }

    /// <returns>Whether there is such a row, not taken yet.</returns>
    public bool Take(byte tag, ReadOnlySpan<byte> row)
    {
        var hash = Hash(tag, row);
        for (var slot = Slot(hash); _slots[slot] != 0; slot = Slot((uint)slot + 1))
        {
            var index = _slots[slot] - 1;
            if (_taken[index] || _rows[index].Hash != hash || _rows[index].Tag != tag || !row.SequenceEqual(_file.AsSpan(_rows[index].Row))) continue;
            return _taken[index] = true;
        }
        return false;
    }

    /// <summary>What is left goes where rows of its tag go.</summary>
    public void WriteRest(Func<byte, CopyRows> rowsOf)
    {
        for (var row = 0; row < _rows.Count; row++)
            if (!_taken[row]) rowsOf(_rows[row].Tag).Add(_file.AsSpan(_rows[row].Row));
    }

    /// <summary>Whether a queue has a row of this number, whatever else it says.</summary>
    public bool HasQueued(string tenant, string system, long number) => (_queued ??= Queued()).Contains((tenant, system, number));

    // Asked of queues only that are still being filled.
    private HashSet<(string Tenant, string System, long Number)> Queued()
    {
        var queued = new HashSet<(string, string, long)>();
        foreach (var (tag, range, _) in _rows)
        {
            if (tag != ComparedRows.Pending.Tag) continue;
            ReadOnlySpan<byte> row = _file.AsSpan(range);
            var at = sizeof(short);
            var tenant = Encoding.UTF8.GetString(CopyRowReader.Column(row, ref at));
            var system = Encoding.UTF8.GetString(CopyRowReader.Column(row, ref at));
            queued.Add((tenant, system, BinaryPrimitives.ReadInt64BigEndian(CopyRowReader.Column(row, ref at))));
        }
        return queued;
    }

    private int Slot(uint hash) => (int)(hash & (uint)(_slots.Length - 1));

    // Decides nothing: equal is what has the same bytes.
    private static uint Hash(byte tag, ReadOnlySpan<byte> row)
    {
        var hash = (ulong)tag;
        for (; row.Length >= sizeof(ulong); row = row[sizeof(ulong)..]) hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(row)) * 0x9E37_79B9_7F4A_7C15, 29);
        foreach (var letter in row) hash = (hash ^ letter) * 0x9E37_79B9_7F4A_7C15;
        return (uint)(hash >> 32);
    }
}
