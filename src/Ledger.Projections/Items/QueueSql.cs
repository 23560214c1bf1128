using Ledger.Projections.Records;

namespace Ledger.Projections.Items;

/// <summary>Where a system's page comes from.</summary>
internal enum QueueSource { Queue, RecordsLessExported, Records }

/// <summary>
/// The statement of a page. $1 tenant, $2 system, $3 number to start after, $4 limit, $5 rows to skip, $6 since, $7 rows to look at in this round, $8 the only
/// numbers to look at; a condition's parameters follow. Everything is looked up row by row, behind <c>offset 0</c> or in a function: no plan can turn it into a scan when tables grow.
/// </summary>
internal static class QueueSql
{
    /// <summary>Columns before a record's: rows the round looked at, the last number of them, rows it kept. Null where one statement gives the page.</summary>
    public const int Seen = 0, Last = 1, Kept = 2, Record = 3;

    /// <summary>Looking twice at a page's records is then a tenth of the round at most.</summary>
    private const long Many = 1_000;

    private const string LastNumber = "9223372036854775807";

    // Of a page's records, the items and their attempts: each in one go. What was exported since came with its item.
    private const string ItemsOfPage = """
        item as materialized (
          select (s.item).* from page p join seen s on s.number = p.number where (s.item).record_id is not null
          union all
          select * from ledger.items_of($1, $2, array(select p.record_id from page p join seen s on s.number = p.number where s.touched and (s.item).record_id is null))),
        attempt as materialized (select * from ledger.attempts_of($1, array(select attempt_id from item where attempt_id is not null)))
        """;

    /// <summary>Else one statement gives the page.</summary>
    public static bool GoesInRounds(QueueQuestion question, QueueSource source) => source == QueueSource.Queue && !IsSorted(question);

    /// <param name="round">Rows to look at: of many, the whole records are read only of those that are on the page.</param>
    /// <param name="among">Nothing but the numbers in $8 can be on the page.</param>
    public static string Page(QueueQuestion question, QueueSource source, long round, bool among = false)
    {
        if (source != QueueSource.Queue) return OfRecords(question, source, among);
        if (IsSorted(question)) return Sorted(question, among);
        return question.Since is null && question.Condition is null ? Exact(question) : Rounds(question, round, among);
    }

    private static bool IsSorted(QueueQuestion question) => question.Order is { Count: > 0 } order && order is not [{ By: RecordSort.Number, Descending: false }];

    private static string Exact(QueueQuestion question) => $"""
        with seen as materialized (select number, touched, null::ledger.items as item from ledger.offered($1, $2, $3, {LastNumber}, $4 + $5) order by number limit $4 offset $5),
        page as materialized (select * from ledger.records_of(array(select number from seen))){With(question)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by r.number
        """;

    private static string Rounds(QueueQuestion question, long round, bool among) => $"""
        with seen as materialized ({Candidates(question, "$7", among)}),
        kept as materialized (select {(round < Many ? "*" : "number")} from ledger.{(round < Many ? "records_of" : "times_of")}(array(select number from seen)) r where r.ready_since is not null {Condition(question)}),
        page as materialized ({(round < Many ? "select * from kept order by number limit $4 offset $5" : "select * from ledger.records_of(array(select number from kept order by number limit $4 offset $5))")}){With(question)}
        select s.seen, s.last, s.kept, {Columns(question)}
          from (select (select count(*) from seen), (select coalesce(max(number), 0) from seen), (select count(*) from kept)) s (seen, last, kept)
          left join page r on true {Joins(question)}
         order by r.number
        """;

    private static string Sorted(QueueQuestion question, bool among) => $"""
        with seen as materialized ({Candidates(question, LastNumber, among)}),
        page as materialized (
          select * from ledger.records_of(array(
            select r.number from ledger.times_of(array(select number from seen)) r where r.ready_since is not null {Condition(question)} order by {OrderOf(question)} limit $4 offset $5))){With(question)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by {OrderOf(question)}
        """;

    // Nobody has written to a system that is not known: no record was touched there.
    private static string OfRecords(QueueQuestion question, QueueSource source, bool among) => $"""
        with page as materialized (
          select r.* from {(among ? "unnest($8) as n (number) cross join lateral (select * from ledger.records x where x.tenant_id = $1 and x.number = n.number offset 0) r" : "ledger.records r")}
           where r.tenant_id = $1 and r.ready_since is not null and r.number > $3 {Condition(question)}
             {(source == QueueSource.Records ? "" : "and not exists (select 1 from ledger.items e where e.tenant_id = $1 and e.system_id = $2 and e.record_id = r.record_id and e.exported_since <= $6)")}
           order by {OrderOf(question)} limit $4 offset $5),
        seen as (select number, {(source == QueueSource.Records ? "false" : "true")} as touched, null::ledger.items as item from page){With(question)}
        select null::bigint, null::bigint, null::bigint, {Columns(question)}
          from page r {Joins(question)}
         order by {OrderOf(question)}
        """;

    private static string Candidates(QueueQuestion question, string wanted, bool among) => (among, question.Since) switch
    {
        (true, var since) => $"select number, touched, item from ledger.offered_among($1, $2, {(since is null ? "null" : "$6")}, $8, $3, {wanted})",
        (false, null) => $"select number, touched, null::ledger.items as item from ledger.offered($1, $2, $3, {LastNumber}, {wanted})",
        _ => $"select number, touched, item from ledger.offered_since($1, $2, $6, $3, {wanted})",
    };

    private static string Columns(QueueQuestion question) => question.WithItems ? $"{RecordView.Columns}, {ItemStates.ItemColumns}" : RecordView.Columns;

    private static string With(QueueQuestion question) => question.WithItems ? $",\n{ItemsOfPage}" : "";

    private static string Joins(QueueQuestion question) => question.WithItems ? "left join item i on i.record_id = r.record_id left join attempt a on a.attempt_id = i.attempt_id" : "";

    private static string Condition(QueueQuestion question) => question.Condition is { } own ? $"and ({own.Sql})" : "";

    private static string OrderOf(QueueQuestion question) => string.Join(", ", (question.Order ?? [])
        .Select(by => $"r.{by.By switch { RecordSort.CreatedAt => "created_at", RecordSort.UpdatedAt => "updated_at", _ => "number" }}{(by.Descending ? " desc" : "")}")
        .Append("r.number"));
}
