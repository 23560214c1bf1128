using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>The decisions on the body of mark-as-exported, row by row.</summary>
public sealed class MarkRequestTests
{
    [Fact]
    public void Reads_elements_in_the_order_sent() =>
        Read("""{"accounting_entries":[{"accounting_entry_id":7,"system_id":" erp ","note":" as sent "},{"accounting_entry_id":"9223372036854775807","system_id":"ERP"}]}""")
            .ShouldBe([new Mark(0, 7, "erp", " as sent "), new Mark(1, long.MaxValue, "ERP", null)]);

    [Theory]
    [InlineData("""{}""", "accounting_entries: is required")]
    [InlineData("""{"accounting_entries":null}""", "accounting_entries: is required")]
    [InlineData("""[]""", "accounting_entries: is required")]
    [InlineData(""" "accounting_entries" """, "accounting_entries: is required")]
    [InlineData("""{"accounting_entries":{}}""", "accounting_entries: must be a list")]
    [InlineData("""{"accounting_entries":[]}""", "accounting_entries: must have 1 to 10 elements; 0 were sent")]
    [InlineData("""{"accounting_entries":[7]}""", "accounting_entries.0: must be an object")]
    public void Row_1_to_10_elements_none_or_missing_is_a_fault(string body, string fault) => Faults(body).ShouldBe([fault]);

    [Theory]
    [InlineData(10), InlineData(11)]
    public void Row_1_to_10_elements_the_length_is_counted_before_equal_ones_collapse(int count) =>
        Faults($$"""{"accounting_entries":[{{string.Join(',', Enumerable.Repeat("""{"accounting_entry_id":7,"system_id":"erp"}""", count))}}]}""")
            .ShouldBe(count <= 10 ? [] : ["accounting_entries: must have 1 to 10 elements; 11 were sent"]);

    [Theory]
    [InlineData("true"), InlineData("1.5"), InlineData("1.0"), InlineData("1e3"), InlineData("0"), InlineData("-1"), InlineData("9223372036854775808"), InlineData("\"01\"")]
    [InlineData("\"\""), InlineData("\" 7\""), InlineData("\"+7\""), InlineData("\"7.0\""), InlineData("\"9223372036854775808\""), InlineData("\"٣\""), InlineData("[7]"), InlineData("{}")]
    public void Row_types_an_id_is_a_json_int_or_canonical_digits(string id) =>
        Faults($$"""{"accounting_entries":[{"accounting_entry_id":{{id}},"system_id":"erp"}]}""")
            .ShouldBe(["accounting_entries.0.accounting_entry_id: must be a whole number from 1 to 9223372036854775807"]);

    [Theory]
    [InlineData("7", "must be text")]
    [InlineData("[\"erp\"]", "must be text")]
    [InlineData("\"\"", "must not be blank")]
    [InlineData("\"  \"", "must not be blank")]
    [InlineData("null", "is required")]
    [InlineData("\"a\\u0000\"", "has a NUL character")]
    public void Row_types_a_system_id_is_text_that_is_not_blank(string systemId, string fault) =>
        Faults($$"""{"accounting_entries":[{"accounting_entry_id":7,"system_id":{{systemId}}}]}""").ShouldBe([$"accounting_entries.0.system_id: {fault}"]);

    [Theory]
    [InlineData(255), InlineData(256)]
    public void Row_types_a_system_id_has_at_most_255_characters(int length) =>
        Faults($$"""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"{{new string('é', length)}}"}]}""")
            .ShouldBe(length == 255 ? [] : ["accounting_entries.0.system_id: has more than 255 characters"]);

    [Fact]
    public void Row_types_unknown_members_are_ignored() =>
        Read("""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"erp","tenant":"x"}],"more":1}""").ShouldBe([new Mark(0, 7, "erp", null)]);

    [Theory]
    [InlineData("null"), InlineData("\"\"")]
    public void Row_note_null_or_empty_is_no_note(string note) =>
        Read($$"""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"erp","note":{{note}}}]}""")[0].Note.ShouldBeNull();

    [Theory]
    [InlineData("5", "must be text")]
    [InlineData("[]", "must be text")]
    [InlineData("\"\\u0000\"", "has a NUL character")]
    public void Row_note_that_is_no_text_is_a_fault(string note, string fault) =>
        Faults($$"""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"erp","note":{{note}}}]}""").ShouldBe([$"accounting_entries.0.note: {fault}"]);

    [Theory]
    [InlineData(5000), InlineData(5001)]
    public void Row_note_has_at_most_5000_characters(int length) =>
        Faults($$"""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"erp","note":"{{string.Concat(Enumerable.Repeat("📒", length))}}"}]}""")
            .ShouldBe(length == 5000 ? [] : ["accounting_entries.0.note: has more than 5000 characters"]);

    [Fact]
    public void Row_error_body_every_fault_names_its_element() =>
        Faults("""{"accounting_entries":[{"accounting_entry_id":7,"system_id":"erp"},{},{"accounting_entry_id":true,"system_id":5,"note":6},null]}""").ShouldBe(
        [
            "accounting_entries.1.accounting_entry_id: is required",
            "accounting_entries.1.system_id: is required",
            "accounting_entries.2.accounting_entry_id: must be a whole number from 1 to 9223372036854775807",
            "accounting_entries.2.system_id: must be text",
            "accounting_entries.2.note: must be text",
            "accounting_entries.3: must be an object",
        ]);

    private static IReadOnlyList<Mark> Read(string body)
    {
        var faults = new List<InputFault>();
        var marks = MarkRequest.Parse(JsonElement.Parse(body), faults);
        faults.ShouldBeEmpty();
        return marks;
    }

    private static string[] Faults(string body)
    {
        var faults = new List<InputFault>();
        MarkRequest.Parse(JsonElement.Parse(body), faults);
        return [.. faults.Select(fault => fault.ToString())];
    }
}
