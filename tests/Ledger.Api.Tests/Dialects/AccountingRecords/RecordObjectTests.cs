using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>What the record object shows: the platform's facet where it has the contract's form, else what the record itself says.</summary>
public sealed class RecordObjectTests(LedgerHost host)
{
    private const string Facet = """
        {"type":"CARD_EXPENSE_POST","source_id":"expense_1","erp_posting_date":"2026-06-11T09:09:05.840865Z","original_amount":{"amount":158.40,"currency":"EUR"},
         "due_at":"2026-07-10","invoice_number":"HC-1","memo":"Site visit","receipts":[{"id":"receipt_1","download_uris":["https://files.example.com/1"]}],
         "user":{"id":"u1","first_name":"Mira","last_name":"Okafor","email":"mira@acme.example","role":"EMPLOYEE","status":"ACTIVE","department_name":"Field Ops"},
         "vendor":{"id":"v1","name":"Rail Europe","website":"https://rail.example"},
         "line_items":[
          {"id":"l1","type":"DEBIT","amount":{"amount":125.00,"currency":"EUR"},"memo":null,"accounting_field_values":[{"brex_field_id":"f","remote_field_id":"GL_ACCOUNT","brex_field_value_id":null,"remote_field_value_id":"6110"}]},
          {"id":"l2","type":"CREDIT","amount":{"amount":125.00,"currency":"EUR"},"accounting_field_values":[]}],
         "billing_amount":{"amount":1,"currency":"USD"},"id":"other","version":99,"review_status":"EXPORTED","updated_at":"1999-01-01T00:00:00Z","source_type":"BILL"}
        """;

    [Fact]
    public async Task Row_28_members_of_the_facet_are_shown_as_given_and_cannot_replace_what_the_ledger_knows()
    {
        var record = await ShownAsync(ARecord.Named("a", facets: Facets(Facet)));
        var facet = JsonElement.Parse(Facet);
        foreach (var name in new[] { "type", "source_id", "erp_posting_date", "invoice_number", "memo" }) record.Text(name).ShouldBe(facet.Text(name));
        record.Text("due_at").ShouldBe("2026-07-10T00:00:00.000000Z");
        foreach (var name in new[] { "receipts", "user", "vendor", "line_items", "original_amount", "billing_amount" })
            JsonElement.DeepEquals(record.GetProperty(name), facet.GetProperty(name)).ShouldBeTrue(name);
        (record.Text("id"), record.GetProperty("version").GetInt32(), record.Text("review_status"), record.Text("source_type")).ShouldBe(("a", 1, "READY_FOR_EXPORT", "CARD"));
        record.EnumerateObject().Select(member => member.Name).ShouldBeUnique();
    }

    [Theory]
    [InlineData(null, SourceType.Card, 1, "CARD_EXPENSE_POST"), InlineData(null, SourceType.Card, -1, "CARD_EXPENSE_REFUND"), InlineData(null, SourceType.Other, 1, "CARD_EXPENSE_POST")]
    [InlineData(null, SourceType.Reimbursement, 1, "REIMBURSEMENT_EXPENSE_APPROVAL"), InlineData(null, SourceType.Reimbursement, -1, "REIMBURSEMENT_EXPENSE_REPAYMENT")]
    [InlineData(null, SourceType.Bill, -1, "BILL_EXPENSE"), InlineData(null, SourceType.Invoice, 1, "INVOICE")]
    [InlineData("REWARD_REDEMPTION", SourceType.Card, 1, "REWARD_REDEMPTION"), InlineData("BILL_EXPENSE", SourceType.Card, 1, "CARD_EXPENSE_POST"), InlineData("NONSENSE", SourceType.Bill, 1, "BILL_EXPENSE")]
    public async Task The_type_is_the_platforms_if_it_is_one_of_the_source_else_what_the_source_says(string? given, SourceType source, long amount, string type)
    {
        var record = ARecord.Named("a", amountMinor: amount, facets: given is null ? null : Facets($$"""{"type":"{{given}}"}"""));
        (await ShownAsync(record with { Content = record.Content with { SourceType = source } })).Text("type").ShouldBe(type);
    }

    [Fact]
    public async Task Without_a_facet_everything_comes_from_the_record()
    {
        var record = ARecord.Named("a", amountMinor: 1_250_00, text: "Office chairs");
        var shown = await ShownAsync(record with
        {
            Content = record.Content with
            {
                Counterparty = JsonElement.Parse("""{"id":"s-1","name":"Chairs & Co","email":"ar@chairs.example"}"""),
                User = JsonElement.Parse("""{"id":"p-1","name":"Ana María Soto","email":"ana@acme.example"}"""),
                Files = JsonElement.Parse("""[{"url":"https://files.example.com/1","type":"application/pdf","size":3}]"""),
                Lines = [record.Content.Lines[0] with { Tags = JsonElement.Parse("""[{"group_code":"PROJECT","code":"P-1"},"loose"]""") }, record.Content.Lines[1]],
            },
        });
        shown.GetProperty("amount").GetRawText().ShouldBe("""{"amount":1250.00,"currency":"EUR"}""");
        (shown.Text("memo"), shown.Text("posted_at"), shown.Text("erp_posting_date")).ShouldBe(("Office chairs", "2026-01-15T09:30:00.000000Z", "2026-01-15T09:30:00.000000Z"));
        Same(shown, "vendor", """{"id":"s-1","name":"Chairs & Co","contact_name":null,"email":"ar@chairs.example","website":null,"phone":null}""");
        Same(shown, "user", """{"id":"p-1","first_name":"Ana María","last_name":"Soto","email":"ana@acme.example","role":"EMPLOYEE","status":"ACTIVE"}""");
        Same(shown, "receipts", """[{"id":"file:1","download_uris":["https://files.example.com/1"]}]""");
        Same(shown, "line_items", """
            [{"id":"1","type":"DEBIT","amount":{"amount":1250.00,"currency":"EUR"},"memo":"Office chairs","accounting_field_values":[
               {"brex_field_id":"GL_ACCOUNT","remote_field_id":"GL_ACCOUNT","brex_field_value_id":"6800","remote_field_value_id":"6800"},
               {"brex_field_id":"PROJECT","remote_field_id":"PROJECT","brex_field_value_id":"P-1","remote_field_value_id":"P-1"}]},
             {"id":"2","type":"CREDIT","amount":{"amount":1250.00,"currency":"EUR"},"memo":"Office chairs","accounting_field_values":[
               {"brex_field_id":"GL_ACCOUNT","remote_field_id":"GL_ACCOUNT","brex_field_value_id":"2400","remote_field_value_id":"2400"}]}]
            """);
        foreach (var name in new[] { "original_amount", "source_id", "due_at", "invoice_number" }) shown.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("user", """{"id":"u1","first_name":"Mira"}"""), InlineData("user", """{"id":"u","first_name":"M","last_name":"O","email":"e","role":"KING","status":"ACTIVE"}""")]
    [InlineData("vendor", """{"id":"v1"}"""), InlineData("vendor", "\"Rail Europe\""), InlineData("original_amount", """{"amount":"1.00","currency":"EUR"}"""), InlineData("due_at", "\"tomorrow\"")]
    [InlineData("source_id", "7"), InlineData("invoice_number", "{}")]
    public async Task A_member_of_another_form_than_the_contracts_is_left_out(string name, string value) =>
        (await ShownAsync(ARecord.Named("a", facets: Facets($$"""{"{{name}}":{{value}}}""")))).GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null);

    [Theory]
    [InlineData("""[{"id":"l1","type":"DEBIT","amount":{"amount":-1,"currency":"EUR"},"accounting_field_values":[]}]"""), InlineData("[]"), InlineData("{}"), InlineData("[1]")]
    [InlineData("""[{"id":"l1","type":"debit","amount":{"amount":1,"currency":"EUR"},"accounting_field_values":[]}]"""), InlineData("""[{"id":"l1","type":"DEBIT","amount":{"amount":1,"currency":"EUR"}}]""")]
    [InlineData("""[{"id":"l1","type":"DEBIT","amount":{"amount":1,"currency":"EUR"},"accounting_field_values":[{"brex_field_id":"f"}]}]""")]
    public async Task Line_items_of_another_form_give_way_to_the_records_own_lines(string lines) =>
        (await ShownAsync(ARecord.Named("a", facets: Facets($$"""{"line_items":{{lines}}}""")))).GetProperty("line_items").EnumerateArray().Select(line => line.Text("id")).ShouldBe(["1", "2"]);

    [Fact]
    public async Task Row_18_single_entry_keeps_the_coded_side_and_nothing_else_changes()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(ARecord.Named("facet", facets: Facets(Facet)), ARecord.Named("own"), ARecord.Named("refund", amountMinor: -5_00),
            ARecord.Named("repaid", facets: Facets("""{"type":"CARD_EXPENSE_REPAYMENT"}""")));
        foreach (var (id, side) in new[] { ("facet", "DEBIT"), ("own", "DEBIT"), ("refund", "CREDIT"), ("repaid", "CREDIT") })
        {
            var (both, single) = (await tenant.RecordAsync(id, "single_entry=false"), await tenant.RecordAsync(id, "single_entry=true"));
            both.GetProperty("line_items").EnumerateArray().Select(line => line.Text("type")).ShouldBe(["DEBIT", "CREDIT"], ignoreOrder: true);
            single.GetProperty("line_items").EnumerateArray().Select(line => line.Text("type")).ShouldBe([side]);
            foreach (var member in both.EnumerateObject().Where(member => member.Name != "line_items"))
                JsonElement.DeepEquals(single.GetProperty(member.Name), member.Value).ShouldBeTrue(member.Name);
        }
        (await tenant.QueryAsync("single_entry=true")).GetProperty("items").EnumerateArray().ShouldAllBe(record => record.GetProperty("line_items").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Amounts_keep_every_digit()
    {
        var shown = await ShownAsync(ARecord.Named("a", amountMinor: 9_007_199_254_740_993, currency: "EUR"));
        shown.GetProperty("amount").GetProperty("amount").GetRawText().ShouldBe("90071992547409.93");
    }

    private async Task<JsonElement> ShownAsync(IncomingRecord record)
    {
        var tenant = await host.NewTenantAsync();
        await tenant.RegisterAsync(record);
        return await tenant.RecordAsync(record.Id.Value);
    }

    private static JsonElement Facets(string facet) => JsonElement.Parse($$"""{"accounting_records":{{facet}}}""");

    private static void Same(JsonElement record, string name, string expected) =>
        JsonElement.DeepEquals(record.GetProperty(name), JsonElement.Parse(expected)).ShouldBeTrue(record.GetProperty(name).GetRawText());
}
