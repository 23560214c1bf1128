using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>
/// Filters as a PostgreSQL condition. Every value travels as a parameter; the text is made of constants and the caller's
/// own column expressions. SQL's three-valued logic is the contract's, so NOT is written as NOT.
/// </summary>
/// <param name="columns">The <c>timestamptz</c> expression of each key.</param>
/// <param name="firstParameter">Number of the first positional parameter of the condition.</param>
internal sealed class FilterSql(Func<FilterKey, string> columns, int firstParameter)
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    /// <returns>The groups, joined by AND; <c>TRUE</c> when nothing is restricted.</returns>
    public string Condition(IEnumerable<FilterGroup> groups)
    {
        var conditions = groups
            .Where(group => group.Filters.Count > 0)
            .Select(group => Joined(group.AnyOf ? " OR " : " AND ", group.Filters.Select(One)))
            .ToList();
        return conditions.Count == 0 ? "TRUE" : string.Join(" AND ", conditions);
    }

    private static string Joined(string with, IEnumerable<string> conditions) => $"({string.Join(with, conditions)})";

    private string One(Filter filter)
    {
        var column = columns(filter.Key);
        var condition = filter switch
        {
            Filter.IsNull => $"{column} IS NULL",
            Filter.Compared compared => $"{column} {Sign(compared.Ordering)} {Instant(compared.With)}",
            Filter.Between between => $"{column} BETWEEN {Instant(between.From)} AND {Instant(between.To)}",
            Filter.OneOf oneOf => $"{column} = ANY ({Instants(oneOf.Values)})",
            Filter.Like like => $"{CanonicalText(column)} ILIKE {Text(Pattern(like))} ESCAPE ''",
            _ => throw new InvalidOperationException($"No SQL for {filter.GetType().Name}."),
        };
        return filter.Negated ? $"NOT ({condition})" : condition;
    }

    private static string Sign(Ordering ordering) => ordering switch
    {
        Ordering.Equal => "=",
        Ordering.Greater => ">",
        Ordering.GreaterOrEqual => ">=",
        Ordering.Less => "<",
        _ => "<=",
    };

    private static string Pattern(Filter.Like like) => like.Part switch
    {
        TextPart.Start => like.Text + "%",
        TextPart.End => "%" + like.Text,
        _ => $"%{like.Text}%",
    };

    private static string CanonicalText(string column) =>
        $"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""";

    // Instants travel as text because Npgsql sends the first and last DateTime as -infinity and infinity.
    private string Instant(DateTimeOffset instant) =>
        $"{Text(DateTimeText.Canonical(instant))}::timestamptz";

    private string Instants(IEnumerable<DateTimeOffset> instants) =>
        Add(instants.Select(DateTimeText.Canonical).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text) + "::timestamptz[]";

    private string Text(string value) => Add(value, NpgsqlDbType.Text);

    private string Add(object value, NpgsqlDbType type)
    {
        _parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return "$" + (firstParameter + _parameters.Count - 1).ToString(CultureInfo.InvariantCulture);
    }
}
