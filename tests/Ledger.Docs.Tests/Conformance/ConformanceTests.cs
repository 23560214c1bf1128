using Ledger.Docs.Tests.Pages;

namespace Ledger.Docs.Tests.Conformance;

/// <summary>docs/conformance.md lists every row of the contracts and the tests that hold it; a test that is gone or renamed shows here.</summary>
public sealed class ConformanceTests
{
    private const string Path = "docs/conformance.md";

    /// <summary>Set to 1, the page takes in all tests named after its rows (what it lists besides stays).</summary>
    private const string Write = "LEDGER_WRITE_CONFORMANCE";

    private static readonly string[] Statuses = ["pending", "in_progress", "completed", "completed_with_errors", "failed"];
    private static readonly string[] Events = ["started", "failed", "completed", "completed_with_errors"];

    /// <summary>Rows a table must have, by its heading. Those of the other tables are words, and only the page knows them.</summary>
    private static readonly Dictionary<string, IEnumerable<string>> Numbered = new()
    {
        ["Accounting records: checks"] = Numbers(24),
        ["Accounting records: decisions"] = Numbers(28),
        ["Accounting entries: acceptance"] = Numbers(11),
        ["Accounting entries: rules of `not_exported_since`"] = Numbers(14),
        ["Export jobs: event × status"] = Statuses.SelectMany(status => Events.Select(@event => $"{status}, {@event}")),
        ["Export jobs: questions the original leaves open"] = Numbers(33).Select(number => "Q" + number),
        ["Accounting exports: checks"] = Numbers(7),
    };

    [Fact]
    public void Lists_every_row_of_the_contracts_once()
    {
        var tables = ConformanceTable.Read(Page.Read(Path)).ToDictionary(table => table.Heading);

        foreach (var (heading, rows) in Numbered) tables[heading].Rows.Select(row => row.Key).ShouldBe(rows, heading);
        foreach (var table in tables.Values) table.Rows.Select(row => row.Key).ShouldBeUnique(table.Heading);
    }

    [Fact]
    public void Names_a_test_that_exists_for_every_row_or_says_why_there_is_none()
    {
        if (Environment.GetEnvironmentVariable(Write) == "1") Rewrite();
        var names = TestSources.All.SelectMany(test => test.Names).ToHashSet();

        var faults =
            from table in ConformanceTable.Read(Page.Read(Path))
            from row in table.Rows
            let gone = row.Tests.Where(test => !names.Contains(test)).ToList()
            let newcomer = row.SaysThereIsNone ? table.NamedAfter(row).FirstOrDefault() : null
            let fault = gone.Count > 0 ? $"no such test: {string.Join(", ", gone)}"
                : newcomer is not null ? $"says that there is no test, but there is {newcomer}; {Write}=1 takes it in"
                : !row.SaysThereIsNone && row.Tests.Count == 0 ? $"names no test; write '{ConformanceTable.NoTest}' and why"
                : null
            where fault is not null
            select $"{Path}:{row.Line}: {fault}";
        faults.ShouldBeEmpty();
    }

    [Fact]
    public void Reads_tests_and_their_cases_and_leaves_out_what_is_none()
    {
        const string source = """
            public sealed class SomeTests(Host host)
            {
                [Theory]
                [InlineData("pending", 1)]
                public async Task Check_1_a(string status, int count)
                {
                }

                [Fact(Skip = "later")]
                public void Check_2_b() => A();

                public void Check_3_c() => B();

                /// <summary>Why.</summary>
                [Fact]
                public void Check_11_d() => C();
            }
            """;

        TestSources.Read("tests/X", source).SelectMany(test => test.Names).ShouldBe(["SomeTests.Check_1_a", "SomeTests.Check_1_a(pending, 1)", "SomeTests.Check_11_d"]);
    }

    private static void Rewrite()
    {
        var page = Page.Read(Path);
        var lines = page.Lines.ToArray();
        foreach (var table in ConformanceTable.Read(page))
        {
            foreach (var row in table.Rows)
            {
                var tests = row.Tests.Union(table.NamedAfter(row)).ToList();
                var cell = row.Line - 1;
                if (tests.Count > 0) lines[cell] = $"{lines[cell][..(lines[cell].TrimEnd().TrimEnd('|').LastIndexOf('|') + 1)]} {string.Join("<br>", tests.Select(test => $"`{test}`"))} |";
            }
        }
        File.WriteAllText(Repository.Full(Path), string.Join('\n', lines));
    }

    private static IEnumerable<string> Numbers(int last) => Enumerable.Range(1, last).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
