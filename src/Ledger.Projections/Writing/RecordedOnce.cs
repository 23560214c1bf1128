using System.Text.RegularExpressions;

namespace Ledger.Projections.Writing;

/// <summary>
/// <c>ledger.at_commit(x)</c>, for statements of many rows: the function reads the recorded time from a setting's text for every value it replaces, which
/// costs more than the row does; as a subquery of its own it is read once.
/// </summary>
internal static partial class RecordedOnce
{
    public static string In(string sql) => AtCommit().Replace(sql, "case when $1 = 'infinity' then (select ledger.recorded_at()) else $1 end");

    [GeneratedRegex(@"ledger\.at_commit\(([a-z_.]+)\)")]
    private static partial Regex AtCommit();
}
