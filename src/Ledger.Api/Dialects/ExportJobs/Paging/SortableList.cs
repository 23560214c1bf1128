using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>A list of this contract: how it may be sorted, and how it is sorted when nobody asks.</summary>
/// <param name="Name">Keeps its cursors apart from other lists'.</param>
/// <param name="Usual">The order without <c>sorting_keys</c>.</param>
/// <param name="Unique">Appended to every order that does not hold it: it makes the order total.</param>
internal sealed record SortableList(string Name, IReadOnlyList<SortColumn> Sortable, IReadOnlyList<SortColumn> Usual, SortColumn Unique)
{
    public static readonly SortableList Jobs = new(
        "jobs", [JobPages.CreatedAt, JobPages.LastUpdatedAt, JobPages.Id], [JobPages.CreatedAt, JobPages.Id], JobPages.Id);

    public static readonly SortableList JobItems = new(
        "job-items", [JobItemPages.RecordUuid, JobItemPages.Status, JobItemPages.ExportedAt], [JobItemPages.Place], JobItemPages.AttemptId);

    /// <summary>Items of many jobs: in the order the jobs were made, and within one in its own order.</summary>
    public static readonly SortableList FoundItems = new(
        "found-items", JobItems.Sortable, [JobItemPages.OpenedAt, JobItemPages.Place], JobItemPages.AttemptId);

    public static readonly SortableList ExportItems = new(
        "export-items", [JobRecordPages.Date, JobItemPages.RecordUuid], [JobItemPages.Place], JobItemPages.AttemptId);

    /// <summary>The whole order, its last column unique.</summary>
    public IReadOnlyList<SortedBy> Order(IReadOnlyList<SortedBy> asked)
    {
        List<SortedBy> order = [.. asked.Count > 0 ? asked : Usual.Select(column => new SortedBy(column))];
        if (order.TrueForAll(key => key.Column != Unique)) order.Add(new(Unique));
        return order;
    }
}
