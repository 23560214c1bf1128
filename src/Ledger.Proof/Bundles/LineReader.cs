namespace Ledger.Proof.Bundles;

/// <summary>Lines of a file, without their line feed, in one buffer that is used again and again.</summary>
internal sealed class LineReader(HashedFile file)
{
    /// <summary>Longer lines are refused: an event has a few hundred bytes, the largest record some hundred thousand.</summary>
    public const int MaxLength = 32 << 20;

    private byte[] _buffer = new byte[2 * HashedFile.PieceLength];
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>The line read last; valid until the next one is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The line read last has no line feed: the file ends in the middle of it, or the line is too long.</summary>
    public bool IsCut { get; private set; }

    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                Line = _buffer.AsMemory(_start, _searched + at - _start);
                _start = _searched = _searched + at + 1;
                return true;
            }
            _searched = _end;
            if (_end - _start <= MaxLength && Fill()) continue;
            IsCut = _end > _start;
            Line = _buffer.AsMemory(_start, _end - _start);
            _start = _end;
            return IsCut;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_end, _searched, _start) = (_end - _start, _searched - _start, 0);
        }
        if (_buffer.Length - _end < HashedFile.PieceLength) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = file.Read(_buffer.AsSpan(_end, HashedFile.PieceLength));
        _end += read;
        return read > 0;
    }
}
