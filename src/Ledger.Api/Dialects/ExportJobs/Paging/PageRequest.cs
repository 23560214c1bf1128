using System.Globalization;
using Ledger.Api.Input;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>The paging part of a query string, read and checked.</summary>
/// <param name="Scope">What cursors of this list are signed for.</param>
internal sealed record PageRequest(
    PageQuestion Question, string Scope, byte[] Key, string? After, string? Before, long? Offset,
    IReadOnlyList<string> SortingKeys, IReadOnlyList<string> SortingOrder, IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Parameters)
{
    public const int DefaultLimit = 50;

    /// <summary>A larger limit is taken for this one, not refused: clients written for the original ask for more than it gives.</summary>
    public const int MaxLimit = 100;

    private static readonly string[] OwnNames = ["after", "before", "offset", "limit", "sorting_keys", "sorting_order"];

    /// <returns>Null when something is wrong; the faults say what.</returns>
    public static PageRequest? Read(IQueryCollection query, SortableList list, string tenantId, byte[] key, JsonFaults faults)
    {
        var (after, before) = (Single(query, "after", faults), Single(query, "before", faults));
        var (offset, limit) = (Whole(query, "offset", long.MaxValue, faults), Whole(query, "limit", int.MaxValue, faults));
        if ((after is null ? 0 : 1) + (before is null ? 0 : 1) + (offset is null ? 0 : 1) > 1) faults.Add("?after", "Only one of after, before and offset can be given.");
        string[] keys = [.. query["sorting_keys"].Select(value => value ?? "")], orders = [.. query["sorting_order"].Select(value => value ?? "")];
        var order = list.Order(Sorts(list, keys, orders, faults));
        var scope = string.Join('\n', [tenantId, list.Name, .. order.Select(sort => $"{sort.Column.Name} {sort.Descending} {sort.NullsFirst}")]);
        var cursor = Cursor(after, "?after", scope, key, faults) ?? Cursor(before, "?before", scope, key, faults);
        if (faults.Any) return null;
        return new(
            new(order, cursor, Backwards: before is not null, offset ?? 0, (int)Math.Min(limit ?? DefaultLimit, MaxLimit)), scope, key, after, before, offset, keys, orders,
            [.. query.Where(parameter => !OwnNames.Contains(parameter.Key, StringComparer.OrdinalIgnoreCase)).Select(parameter => (parameter.Key, (IReadOnlyList<string>)[.. parameter.Value.Select(value => value ?? "")]))]);
    }

    /// <summary>Null when the parameter is absent; twice the same parameter is a fault.</summary>
    public static string? Single(IQueryCollection query, string name, JsonFaults faults)
    {
        var values = query[name];
        if (values.Count > 1) faults.Add($"?{name}", "Can be given once only.");
        return values.Count == 1 ? values[0] ?? "" : null;
    }

    private static long? Whole(IQueryCollection query, string name, long max, JsonFaults faults)
    {
        if (Single(query, name, faults) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= max) return value;
        faults.Add($"?{name}", string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from 0 to {max}."));
        return null;
    }

    private static List<SortedBy> Sorts(SortableList list, string[] keys, string[] orders, JsonFaults faults)
    {
        if (orders.Length > 0 && orders.Length != keys.Length) faults.Add("?sorting_order", $"Must have one order per sorting key: {keys.Length}, not {orders.Length}.");
        var sorts = new List<SortedBy>();
        for (var index = 0; index < keys.Length; index++)
        {
            var column = list.Sortable.FirstOrDefault(column => column.Name == keys[index]);
            if (column is null) faults.Add("?sorting_keys", $"Each must be one of: {string.Join(", ", list.Sortable.Select(known => known.Name))}.");
            else if (sorts.Exists(sort => sort.Column == column)) faults.Add("?sorting_keys", $"{column.Name} is given twice.");
            else if (PageOrder.Of(column, orders.ElementAtOrDefault(index) ?? "ASC") is { } sort) sorts.Add(sort);
            else faults.Add("?sorting_order", $"Each must be one of: {string.Join(", ", PageOrder.Names)}.");
        }
        return sorts;
    }

    private static IReadOnlyList<object?>? Cursor(string? text, string pointer, string scope, byte[] key, JsonFaults faults)
    {
        if (text is null) return null;
        var cursor = PageCursor.Read(text, scope, key);
        if (cursor is null) faults.Add(pointer, "Is not a cursor of this list in this order.");
        return cursor;
    }
}
