using System.Globalization;

namespace Ledger.Proof.Tiles;

/// <summary>One resource of a tiled log (C2SP tlog-tiles): 256 hashes of a level of the tree, or the entries below a level-0 tile.</summary>
/// <param name="Level">0 (leaf hashes) to 6; -1: an entry bundle.</param>
/// <param name="Index">From 0.</param>
/// <param name="Width">1 to 256 hashes or entries; below 256 the tile is partial.</param>
public readonly record struct Tile(int Level, long Index, int Width)
{
    public const int FullWidth = 256;

    /// <summary>Levels of the tree one tile spans.</summary>
    public const int Height = 8;

    public const int EntriesLevel = -1;

    /// <summary>A tile of level 6 spans 2^56 leaves: no tenant needs a second.</summary>
    public const int MaxLevel = 6;

    public bool IsPartial => Width < FullWidth;

    /// <summary>The first leaf below the tile, from 0.</summary>
    public long FirstLeaf => Index << (Height * (Math.Max(Level, 0) + 1));

    /// <summary>The tile as it is when the tree has <paramref name="size"/> leaves; null when it has none of it yet.</summary>
    public static Tile? Of(int level, long index, long size)
    {
        var nodes = size >> (Height * Math.Max(level, 0));
        var width = Math.Min(nodes - index * FullWidth, FullWidth);
        return width > 0 && index >= 0 ? new(level, index, (int)width) : null;
    }

    /// <summary>The path below <c>…/tile/</c>: <c>0/x001/234</c>, <c>1/000.p/5</c>, <c>entries/x012/003</c>.</summary>
    public override string ToString()
    {
        var number = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000) number = $"x{(rest % 1000).ToString("000", CultureInfo.InvariantCulture)}/{number}";
        var level = Level == EntriesLevel ? "entries" : Level.ToString(CultureInfo.InvariantCulture);
        return IsPartial ? $"{level}/{number}.p/{Width.ToString(CultureInfo.InvariantCulture)}" : $"{level}/{number}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else: every tile has one path.</summary>
    public static bool TryParse(string? path, out Tile tile)
    {
        tile = default;
        if (path is null || path.Length > 64) return false;
        var width = FullWidth;
        if (path.IndexOf(".p/", StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!int.TryParse(path.AsSpan(at + 3), NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or >= FullWidth) return false;
        }
        else
        {
            at = path.Length;
        }
        var parts = path[..at].Split('/');
        var level = EntriesLevel;
        if (parts[0] != "entries" && (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out level) || level > MaxLevel)) return false;
        long index = 0;
        foreach (var part in parts.AsSpan(1))
        {
            if (!int.TryParse(part.TrimStart('x'), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) || index > (long.MaxValue >> (Height * (Math.Max(level, 0) + 1))) / 1000) return false;
            index = index * 1000 + digits;
        }
        tile = new(level, index, width);
        return parts.Length > 1 && tile.FirstLeaf >= 0 && tile.ToString() == path;
    }
}
