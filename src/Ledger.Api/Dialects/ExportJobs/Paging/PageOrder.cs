using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>The six directions of the contract. Where a direction does not say, nulls stand where PostgreSQL puts them: last in ascending order.</summary>
internal static class PageOrder
{
    public static readonly IReadOnlyList<string> Names = ["ASC", "ASC_NULLS_FIRST", "ASC_NULLS_LAST", "DESC", "DESC_NULLS_FIRST", "DESC_NULLS_LAST"];

    public static SortedBy? Of(SortColumn column, string name) => name switch
    {
        "ASC" or "ASC_NULLS_LAST" => new(column),
        "ASC_NULLS_FIRST" => new(column, NullsFirst: true),
        "DESC" or "DESC_NULLS_FIRST" => new(column, Descending: true, NullsFirst: true),
        "DESC_NULLS_LAST" => new(column, Descending: true),
        _ => null,
    };
}
