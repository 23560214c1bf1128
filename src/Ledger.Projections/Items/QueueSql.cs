using Ledger.Projections.Records;

namespace Ledger.Projections.Items;

/// <summary>Where a system's page comes from.</summary>
internal enum QueueSource { Queue, RecordsLessExported, Records }

/// <summary>
/// The statement of a page. $1 tenant, $2 system, $3 number to start after, $4 limit, $5 rows to skip, $6 since, $7 rows to look at in this round; a
/// condition's parameters follow. Everything is looked up row by row, behind <c>offset 0</c>: no plan can turn it into a scan when tables grow.
/// </summary>
internal static class QueueSql
{
    /// <summary>Columns before a record's: rows the round looked at, the last number of them, rows it kept. Null where one statement gives the page.</summary>
    public const int Seen = 0, Last = 1, Kept = 2, Record = 3;

    private const string LastNumber = "9223372036854775807";

    // The arithmetic keeps the planner from the index by tenant and number, which takes twice the reads.
    private const string RecordOfNumber = """
        lateral (select * from ledger.records x where hashtextextended(x.tenant_id, x.number) = hashtextextended($1, p.number) and x.number + 0 = p.number and x.tenant_id || '' = $1 offset 0) r
        """;

    // Of a page's records, the items and their attempts: each in one go.
    private const string ItemsOfPage = """
        item as materialized (select * from ledger.items_of($1, $2, array(select record_id from page where touched))),
        attempt as materialized (select * from ledger.attempts_of($1, array(select attempt_id from item where attempt_id is not null)))
        """;
    private const string ItemsOfPageSince = """
        item as materialized (
          select (item).* from page where (item).record_id is not null
          union all select * from ledger.items_of($1, $2, array(select record_id from page where touched and (item).record_id is null))),
        attempt as materialized (select * from ledger.attempts_of($1, array(select attempt_id from item where attempt_id is not null)))
        """;

    public static string Page(QueueQuestion question, QueueSource source)
    {
        var sorted = question.Order is { Count: > 0 } order && order is not [{ By: RecordSort.Number, Descending: false }];
        if (source != QueueSource.Queue) return OfRecords(question, source);
        return sorted ? Sorted(question) : question.Since is null && question.Condition is null ? Exact(question) : Rounds(question);
    }

    private static string Exact(QueueQuestion question) => $"""
        with page as materialized (
          select p.touched, r.* from (select number, touched from ledger.offered($1, $2, $3, {LastNumber}, $4 + $5) order by number limit $4 offset $5) p cross join {RecordOfNumber}){With(question, ItemsOfPage)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by r.number
        """;

    private static string Rounds(QueueQuestion question) => $"""
        with seen as materialized ({Candidates(question, "$7")}),
        kept as materialized (select p.touched, p.item, r.* from seen p cross join {RecordOfNumber} where r.ready_since is not null {Condition(question)}),
        page as materialized (select * from kept order by number limit $4 offset $5){With(question, ItemsOfPageSince)}
        select s.seen, s.last, s.kept, {Columns(question)}
          from (select (select count(*) from seen), (select coalesce(max(number), 0) from seen), (select count(*) from kept)) s (seen, last, kept)
          left join page r on true {Joins(question)}
         order by r.number
        """;

    private static string Sorted(QueueQuestion question) => $"""
        with page as materialized (
          select p.touched, p.item, r.* from ({Candidates(question, LastNumber)}) p cross join {RecordOfNumber}
           where r.ready_since is not null {Condition(question)} order by {OrderOf(question)} limit $4 offset $5){With(question, ItemsOfPageSince)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by {OrderOf(question)}
        """;

    // Nobody has written to a system that is not known: no record was touched there.
    private static string OfRecords(QueueQuestion question, QueueSource source) => $"""
        with page as materialized (
          select {(source == QueueSource.Records ? "false" : "true")} as touched, r.* from ledger.records r
           where r.tenant_id = $1 and r.ready_since is not null and r.number > $3 {Condition(question)}
             {(source == QueueSource.Records ? "" : "and not exists (select 1 from ledger.items e where e.tenant_id = $1 and e.system_id = $2 and e.record_id = r.record_id and e.exported_since <= $6)")}
           order by {OrderOf(question)} limit $4 offset $5){With(question, ItemsOfPage)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by {OrderOf(question)}
        """;

    private static string Candidates(QueueQuestion question, string wanted) => question.Since is null
        ? $"select number, touched, null::ledger.items as item from ledger.offered($1, $2, $3, {LastNumber}, {wanted})"
        : $"select number, touched, item from ledger.offered_since($1, $2, $6, $3, {wanted})";

    private static string Columns(QueueQuestion question) => question.WithItems ? $"{RecordView.Columns}, {ItemStates.ItemColumns}" : RecordView.Columns;

    private static string With(QueueQuestion question, string items) => question.WithItems ? $",\n{items}" : "";

    private static string Joins(QueueQuestion question) => question.WithItems ? "left join item i on i.record_id = r.record_id left join attempt a on a.attempt_id = i.attempt_id" : "";

    private static string Condition(QueueQuestion question) => question.Condition is { } own ? $"and ({own.Sql})" : "";

    private static string OrderOf(QueueQuestion question) => string.Join(", ", (question.Order ?? [])
        .Select(by => $"r.{by.By switch { RecordSort.CreatedAt => "created_at", RecordSort.UpdatedAt => "updated_at", _ => "number" }}{(by.Descending ? " desc" : "")}")
        .Append("r.number"));
}
