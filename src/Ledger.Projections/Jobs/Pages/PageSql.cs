using System.Globalization;
using Npgsql;

namespace Ledger.Projections.Jobs.Pages;

/// <summary>The two statements of a page: its rows, and whether the list goes on behind the end it was entered from.</summary>
/// <param name="columns">What <c>read</c> reads.</param>
/// <param name="columnCount">How many those are; the sort values follow them.</param>
/// <param name="source">From <c>from</c> to the end of <c>where</c>.</param>
/// <param name="arguments">Makes the parameters the source mentions, <c>$1</c> and on; called once per statement.</param>
internal sealed class PageSql(string columns, int columnCount, string source, Func<NpgsqlParameter[]> arguments)
{
    public void AddTo(NpgsqlBatch batch, PageQuestion question)
    {
        batch.BatchCommands.Add(Rows(question));
        batch.BatchCommands.Add(Probe(question));
    }

    /// <summary>Reads both results; the reader stands at the first of them and is left at the second.</summary>
    public async Task<Page<T>> ReadAsync<T>(NpgsqlDataReader reader, PageQuestion question, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>(question.Limit);
        object?[]? first = null, last = null;
        var more = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (rows.Count == question.Limit)
            {
                more = true;
                break;
            }
            rows.Add(read(reader));
            last = SortValues(reader, question.Order.Count);
            first ??= last;
        }
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var behind = reader.GetBoolean(0);
        if (!question.Backwards) return new(rows, first, last, HasPrevious: behind, HasNext: more);
        rows.Reverse();
        return new(rows, last, first, HasPrevious: more, HasNext: behind);
    }

    private NpgsqlBatchCommand Rows(PageQuestion question)
    {
        var order = question.Backwards ? [.. question.Order.Select(key => key.Reversed)] : question.Order;
        var command = new NpgsqlBatchCommand();
        foreach (var argument in arguments()) command.Parameters.Add(argument);
        var after = question.Cursor is { } cursor ? $"and {Bound(command, order, cursor)} ({After(command, order, cursor, 0)})" : "";
        command.CommandText = $"""
            select {columns}, {string.Join(", ", question.Order.Select(key => key.Column.Sql))}
              {source} {after}
             order by {string.Join(", ", order.Select(Term))}
             limit {Parameter(command, question.Limit + 1L)} offset {Parameter(command, question.Offset)}
            """;
        return command;
    }

    private NpgsqlBatchCommand Probe(PageQuestion question)
    {
        var command = new NpgsqlBatchCommand("select false");
        if (question.Cursor is null && question.Offset == 0) return command;
        foreach (var argument in arguments()) command.Parameters.Add(argument);
        var order = question.Backwards ? [.. question.Order.Select(key => key.Reversed)] : question.Order;
        var notAfter = question.Cursor is { } cursor ? $"and ({After(command, order, cursor, 0)}) is not true" : "";
        command.CommandText = $"select exists (select 1 {source} {notAfter})";
        return command;
    }

    /// <summary>Rows strictly after the cursor: after it in the first column, or equal there and after it in the rest.</summary>
    private static string After(NpgsqlBatchCommand command, IReadOnlyList<SortedBy> order, IReadOnlyList<object?> cursor, int at)
    {
        var (key, value) = (order[at], cursor[at]);
        var sql = key.Column.Sql;
        var parameter = value is null ? null : Parameter(command, value);
        var after = (value, key) switch
        {
            (null, { NullsFirst: true }) => $"{sql} is not null",
            (null, _) => "false",
            (_, { Column.MayBeNull: true, NullsFirst: false }) => $"{sql} {Beyond(key)} {parameter} or {sql} is null",
            _ => $"{sql} {Beyond(key)} {parameter}",
        };
        if (at == order.Count - 1) return after;
        var equal = value is null ? $"{sql} is null" : $"{sql} = {parameter}";
        return $"{after} or ({equal} and ({After(command, order, cursor, at + 1)}))";
    }

    // Says nothing the condition does not say, but an index on the first column can start at it.
    private static string Bound(NpgsqlBatchCommand command, IReadOnlyList<SortedBy> order, IReadOnlyList<object?> cursor) =>
        order[0].Column.MayBeNull || cursor[0] is not { } value ? "" : $"{order[0].Column.Sql} {Beyond(order[0])}= {Parameter(command, value)} and";

    private static string Beyond(SortedBy key) => key.Descending ? "<" : ">";

    // Where nulls cannot occur their place is left out: PostgreSQL would sort again what the index has sorted.
    private static string Term(SortedBy key) =>
        $"{key.Column.Sql}{(key.Descending ? " desc" : "")}{(key.Column.MayBeNull ? key.NullsFirst ? " nulls first" : " nulls last" : "")}";

    private static string Parameter(NpgsqlBatchCommand command, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${command.Parameters.Count}");
    }

    private object?[] SortValues(NpgsqlDataReader row, int count)
    {
        var values = new object?[count];
        for (var index = 0; index < count; index++)
        {
            var at = columnCount + index;
            values[index] = row.IsDBNull(at) ? null : row.GetValue(at) is int whole ? (long)whole : row.GetValue(at);
        }
        return values;
    }
}
