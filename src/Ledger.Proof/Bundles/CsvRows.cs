namespace Ledger.Proof.Bundles;

/// <summary>Rows of RFC 4180: cells between commas, quoted where they have to be; rows end in CR LF or LF.</summary>
internal sealed class CsvRows(HashedFile file)
{
    private readonly byte[] _piece = new byte[HashedFile.PieceLength];
    private readonly List<(int Start, int Length)> _cells = [];
    private byte[] _text = new byte[1 << 16];
    private int _length;
    private int _at;
    private int _end;

    public int CellCount => _cells.Count;

    /// <summary>Bytes of the file up to the end of the row read last.</summary>
    public long Consumed { get; private set; }

    public ReadOnlyMemory<byte> Cell(int index) => _text.AsMemory(_cells[index].Start, _cells[index].Length);

    /// <returns>False at the end of the file.</returns>
    /// <exception cref="FormatException">A quote stands where none can, the row is cut short, or too long.</exception>
    public bool Read()
    {
        (_length, var start) = (0, 0);
        _cells.Clear();
        if (Next() is not (>= 0 and var value)) return false;
        while (true)
        {
            if (value == '"') value = Quoted();
            else while (value is not (',' or '\n' or '\r' or -1)) value = value == '"' ? throw new FormatException("a quote stands in a cell that does not begin with one") : Keep(value);
            if (value < 0) throw new FormatException("the file is cut short in the middle of a row");
            _cells.Add((start, _length - start));
            start = _length;
            if (value == '\r' && (value = Next()) != '\n') throw new FormatException(value < 0 ? "the file is cut short in the middle of a row" : "a carriage return stands alone");
            if (value == '\n') return true;
            if (value != ',') throw new FormatException("something follows a closing quote");
            value = Next();
        }
    }

    private int Quoted()
    {
        while (true)
        {
            var value = Next();
            while (value != '"')
            {
                if (value < 0) throw new FormatException("the file is cut short in the middle of a row");
                value = Keep(value);
            }
            value = Next();
            if (value != '"') return value;
            Append((byte)'"');
        }
    }

    private int Keep(int value)
    {
        Append((byte)value);
        return Next();
    }

    private void Append(byte value)
    {
        if (_length == _text.Length)
        {
            if (_length > LineReader.MaxLength) throw new FormatException("the row is too long");
            Array.Resize(ref _text, 2 * _length);
        }
        _text[_length++] = value;
    }

    private int Next()
    {
        if (_at == _end)
        {
            _end = file.Read(_piece);
            _at = 0;
            if (_end == 0) return -1;
        }
        Consumed++;
        return _piece[_at++];
    }
}
