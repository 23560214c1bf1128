namespace Ledger.Projections.Rebuild;

/// <summary>
/// A read model whose rows each speak of one record. They are compared in the rebuilding process, file by file and byte by byte: a replayed row that is
/// also kept, the same in every column, is right and goes nowhere. Only the others reach the database, where they are compared by meaning.
/// </summary>
/// <param name="Tag">In the files.</param>
/// <param name="RecordColumn">Where the record's id stands, from 0; the tenant's is the first.</param>
internal sealed record ComparedRows(string Name, byte Tag, string Columns, int RecordColumn)
{
    public static ComparedRows Records { get; } = new("records", 1, ReplayRows.RecordColumns, 1);
    public static ComparedRows Items { get; } = new("items", 2, ReplayRows.ItemColumns, 2);
    public static ComparedRows Attempts { get; } = new("attempts", 3, ReplayRows.AttemptColumns, 3);
    public static ComparedRows Pending { get; } = new("pending", 4, ReplayRows.PendingColumns, 3);
    public static IReadOnlyList<ComparedRows> All { get; } = [Records, Items, Attempts, Pending];

    public uint HashOf(ReadOnlySpan<byte> row)
    {
        var at = sizeof(short);
        var tenant = CopyRowReader.Column(row, ref at);
        for (var column = 1; column < RecordColumn; column++) CopyRowReader.Column(row, ref at);
        return SpilledRow.Hash(tenant, CopyRowReader.Column(row, ref at));
    }
}
