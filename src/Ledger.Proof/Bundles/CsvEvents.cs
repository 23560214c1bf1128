using System.Text;
using Ledger.Proof.Canonical;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Bundles;

/// <summary>One event per row, below a row of column names.</summary>
internal sealed class CsvEvents(CsvRows rows, EventCheck check) : IEventSource
{
    private static readonly Field[] Columns = [.. EventCsv.Columns.Select(name => (Field)Array.IndexOf(EventFields.Names, name))];

    private readonly EventFields _fields = new();
    private bool _hasBegun;

    public long Position { get; private set; }

    public bool Read(long expected)
    {
        try
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                if (!rows.Read()) throw new FoundException(Fault.Unreadable, expected, "the file is empty: not even its column names are there");
                if (!Enumerable.Range(0, rows.CellCount).Select(cell => Encoding.UTF8.GetString(rows.Cell(cell).Span)).SequenceEqual(EventCsv.Columns))
                    throw new FoundException(Fault.Unreadable, expected, $"the first row is not {string.Join(',', EventCsv.Columns)}");
            }
            if (!rows.Read()) return false;
            if (rows.CellCount != Columns.Length) throw new FoundException(Fault.Unreadable, expected, $"the row has {rows.CellCount} cells, not {Columns.Length}");
            for (var cell = 0; cell < Columns.Length; cell++) _fields.Set(Columns[cell], Json(Columns[cell], rows.Cell(cell)));
        }
        catch (FormatException fault)
        {
            throw new FoundException(Fault.Unreadable, expected, fault.Message);
        }
        Position = _fields.Position() ?? throw new FoundException(Fault.Unreadable, expected, "the event has no position");
        return true;
    }

    public Digest Leaf() => check.Leaf(Position, _fields);

    public byte[] Stream() => EventCsv.Plain(rows.Cell(Array.IndexOf(Columns, Field.StreamId))).ToArray();

    private static ReadOnlyMemory<byte> Json(Field field, ReadOnlyMemory<byte> cell)
    {
        if (cell.IsEmpty) return field is Field.Position or Field.Version ? throw new FormatException($"the event has no {EventFields.Names[(int)field]}") : "null"u8.ToArray();
        if (field is Field.Position or Field.Version or Field.Headers or Field.Data) return EventCsv.Plain(cell);
        var form = new CanonicalBuffer(cell.Length + 16);
        try
        {
            CanonicalString.WritePlain(EventCsv.Plain(cell).Span, ref form);
            return form.Written.ToArray();
        }
        finally
        {
            form.Dispose();
        }
    }
}
