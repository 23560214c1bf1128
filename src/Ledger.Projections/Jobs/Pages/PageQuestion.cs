namespace Ledger.Projections.Jobs.Pages;

/// <summary>A column a list may be sorted by.</summary>
/// <param name="Name">As callers write it.</param>
/// <param name="Sql">An expression over the list's tables; never holds a caller's text.</param>
/// <param name="Kind">Type of its values.</param>
public sealed record SortColumn(string Name, string Sql, Type Kind, bool MayBeNull = false);

/// <summary>One column of an order.</summary>
public readonly record struct SortedBy(SortColumn Column, bool Descending = false, bool NullsFirst = false)
{
    public SortedBy Reversed => new(Column, !Descending, !NullsFirst);
}

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Order">Total: its last column is unique, so that a page can start after any row.</param>
/// <param name="Cursor">The sort values of a row, one per column of the order: <see cref="DateTime"/> in UTC, <see cref="Guid"/>, <see cref="long"/> or <see cref="string"/>. Null: from the start.</param>
/// <param name="Backwards">The page that ends before the cursor, not the one that starts after it.</param>
/// <param name="Offset">Rows to skip from the start; only without a cursor.</param>
public sealed record PageQuestion(IReadOnlyList<SortedBy> Order, IReadOnlyList<object?>? Cursor, bool Backwards, long Offset, int Limit);

/// <summary>One page, in the order asked for whichever way it was reached.</summary>
/// <param name="First">Sort values of the first row; null when the page is empty.</param>
/// <param name="Last">Sort values of the last row.</param>
public sealed record Page<T>(IReadOnlyList<T> Rows, IReadOnlyList<object?>? First, IReadOnlyList<object?>? Last, bool HasPrevious, bool HasNext);
