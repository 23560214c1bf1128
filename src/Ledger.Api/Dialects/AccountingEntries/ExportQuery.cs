using System.Globalization;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Dialects.AccountingEntries;

internal enum SortKey { Id, CreatedAt, UpdatedAt }

internal sealed record SortBy(SortKey Key, bool Descending);

/// <summary>What one call of the export endpoint asks for.</summary>
/// <param name="NotExportedSince">Null: the state at the head of the log, whatever any clock says.</param>
/// <param name="Sort">Empty: by id, ascending. The id always decides between equals.</param>
/// <param name="Offset">Rows to leave out, from <c>start</c>, or else from <c>page</c> and <c>limit</c>.</param>
internal sealed record ExportQuery(
    string SystemId, DateTimeOffset? NotExportedSince, IReadOnlyList<FilterGroup> Groups,
    IReadOnlyList<SortBy> Sort, int Limit, long Offset)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 60;

    private static readonly ExportQuery Unreadable = new("", null, [], [], DefaultLimit, 0);

    /// <summary>Reads a whole query string. The result holds only if no fault was reported.</summary>
    /// <param name="query">As sent, still percent-encoded.</param>
    public static ExportQuery Parse(string query, ICollection<InputFault> faults)
    {
        var sent = PhpQueryString.Parse(query, faults);
        if (faults.Count > 0) return Unreadable;   // what could not be read would be reported as missing
        var systemId = ReadSystemId(sent["system_id"], faults);
        var since = ReadSince(sent, faults);
        var groups = FilterGrammar.Parse(sent["filter_groups"], faults);
        var sort = SortList.Parse(sent["sort"], faults);
        var limit = ReadNumber("limit", sent["limit"], 1, MaxLimit, faults) ?? DefaultLimit;
        var page = ReadNumber("page", sent["page"], 0, int.MaxValue, faults) ?? 0;
        var start = ReadNumber("start", sent["start"], 0, int.MaxValue, faults);
        return new ExportQuery(systemId, since, groups, sort, limit, start ?? (long)page * limit);
    }

    private static string ReadSystemId(QueryNode? sent, ICollection<InputFault> faults)
    {
        if (sent is QueryNode.Text { Value: { Length: > 0 } id } && SystemIdText.Problem(id) is null) return id;
        faults.Add(new InputFault("system_id", sent switch
        {
            null or { IsBlank: true } => "is required",
            QueryNode.Text text => SystemIdText.Problem(text.Value)!,
            _ => "must be text",
        }));
        return "";
    }

    /// <summary>The documentation spells the parameter both ways; ignoring one of them would quietly not re-export.</summary>
    private static DateTimeOffset? ReadSince(QueryNode.Branch sent, ICollection<InputFault> faults)
    {
        var since = ReadInstant("not_exported_since", sent["not_exported_since"], faults);
        var alias = ReadInstant("not_export_since", sent["not_export_since"], faults);
        if (since is not null && alias is not null && since != alias)
            faults.Add(new InputFault("not_export_since", "differs from not_exported_since, of which it is another spelling"));
        return since ?? alias;
    }

    private static DateTimeOffset? ReadInstant(string name, QueryNode? sent, ICollection<InputFault> faults)
    {
        if (sent is null or { IsBlank: true }) return null;
        if (sent is QueryNode.Text text && DateTimeText.TryParse(text.Value, out var instant)) return instant;
        var value = sent is QueryNode.Text wrong ? $"{InputFault.Quote(wrong.Value)} is not " : "must be ";
        faults.Add(new InputFault(name, value + DateTimeText.Expected));
        return null;
    }

    private static int? ReadNumber(string name, QueryNode? sent, int least, int greatest, ICollection<InputFault> faults)
    {
        if (sent is null or { IsBlank: true }) return null;
        if (sent is QueryNode.Text text
            && int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= greatest) return number;
        faults.Add(new InputFault(name, $"must be a whole number from {least} to {greatest}"));
        return null;
    }
}
