using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingEntries.Filters;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>PostgreSQL, asked with our condition, gives exactly the rows the meaning of the filters gives.</summary>
public sealed class FilterSqlTests : IAsyncLifetime
{
    private static readonly Row[] Rows =
    [
        .. from created in Candidates from updated in Candidates select new Row(created, updated),
    ];

    private NpgsqlConnection _connection = null!;

    private static IEnumerable<DateTimeOffset?> Candidates => FilterGen.Instants.Select(instant => (DateTimeOffset?)instant).Append(null);

    public async ValueTask InitializeAsync()
    {
        _connection = new NpgsqlConnection(await PostgresServer.GetConnectionStringAsync());
        await _connection.OpenAsync();
        await using var table = new NpgsqlCommand(
            "CREATE TEMPORARY TABLE entry AS SELECT * FROM unnest($1::text[]::timestamptz[], $2::text[]::timestamptz[]) WITH ORDINALITY AS e(created, updated, id)", _connection);
        table.Parameters.Add(new NpgsqlParameter { Value = Rows.Select(row => Text(row.CreatedAt)).ToArray() });
        table.Parameters.Add(new NpgsqlParameter { Value = Rows.Select(row => Text(row.UpdatedAt)).ToArray() });
        await table.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    [Fact]
    public void Rows_from_postgresql_are_the_rows_of_the_oracle() =>
        Prop.ForAll(FilterGen.Groups, groups => Ask(groups).ShouldBe(Rows.Where(row => FilterOracle.Passes(row, groups))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithQuietOnSuccess(true));

    [Fact]
    public void No_text_of_a_caller_is_in_the_sql()
    {
        FilterGroup[] groups = [new(true, [new Filter.Like(FilterKey.CreatedAt, TextPart.Anywhere, "'; DROP TABLE entry; --", true), new Filter.IsNull(FilterKey.UpdatedAt, false)])];
        var sql = Sql(firstParameter: 7);
        sql.Condition(groups).ShouldBe(
            """(NOT (to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ILIKE $7 ESCAPE '') OR updated IS NULL)""");
        sql.Parameters.Single().Value.ShouldBe("%'; DROP TABLE entry; --%");
        Ask(groups).ShouldBe(Rows.Where(row => FilterOracle.Passes(row, groups)));
    }

    [Fact]
    public void No_filter_is_no_restriction() => Sql(firstParameter: 1).Condition([new(true, []), new(false, [])]).ShouldBe("TRUE");

    private static FilterSql Sql(int firstParameter) => new(key => key == FilterKey.CreatedAt ? "created" : "updated", firstParameter);

    private List<Row> Ask(FilterGroup[] groups)
    {
        using var command = new NpgsqlCommand { Connection = _connection };
        var sql = Sql(firstParameter: 1);
        command.CommandText = $"SELECT id FROM entry WHERE {sql.Condition(groups)} ORDER BY id";
        foreach (var parameter in sql.Parameters) command.Parameters.Add(parameter);
        using var reader = command.ExecuteReader();
        var found = new List<Row>();
        while (reader.Read()) found.Add(Rows[reader.GetInt64(0) - 1]);
        return found;
    }

    private static string? Text(DateTimeOffset? instant) => instant is { } known ? DateTimeText.Canonical(known) : null;
}
