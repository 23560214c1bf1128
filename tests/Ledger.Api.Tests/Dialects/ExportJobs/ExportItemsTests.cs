using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Tests.Hosting;
using Ledger.Domain.Records;
using static Ledger.Api.Tests.Dialects.ExportJobs.JobsClient;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>The bookkeeping data of a job's entries: the facet as given, the rest from the record.</summary>
public sealed class ExportItemsTests(LedgerHost host)
{
    [Fact]
    public async Task Example_4_9_an_entry_with_all_members_in_its_facet_comes_back_as_given()
    {
        var given = JsonDocument.Parse("""
            {"type":"card_purchase","subType":null,"amount":{"inSupplierCurrency":{"currency":"SEK","value":65050},"inWalletCurrency":{"currency":"EUR","value":6050}},
             "note":"Team lunch","files":[{"url":"https://files.example.com/r/11b0c9a4?sig=abc","type":"image/jpeg","size":130100}],
             "supplier":{"code":null,"name":"CAFE LUNA","categoryCode":"5812","country":"DE","account":null,"taxIdentifier":null},
             "vendor":{"id":"5a0b7c1d-2e3f-4a5b-8c6d-7e8f90a1b2c3","name":"Cafe Luna GmbH","code":"70012","externalId":"70012","country":"DE","defaultCurrency":"EUR","registrationNumber":"HRB 12345","taxRegistrationNumber":"DE123456789"},
             "bookkeeping":{"method":"accounts_payable"},
             "user":{"id":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","name":"Ada Berg","code":"E-17"},"team":{"id":"6b1c8d2e-3f40-4b6c-9d7e-8f90a1b2c3d4","name":"Design","code":"200"},
             "contraAccount":{"id":"7c2d9e3f-4051-4c7d-8e8f-90a1b2c3d4e5","name":"Pleo EUR","code":"1361","identifier":"acc-1361"},
             "servicePeriod":{"from":"2026-04-01T00:00:00Z","to":"2026-04-30T00:00:00Z"},
             "accountingEntryLines":[{"accountingEntryLineId":"8d3eaf40-5162-4d8e-9f90-a1b2c3d4e5f6",
               "lineAmount":{"inSupplierCurrency":{"currency":"EUR","value":6050},"inWalletCurrency":{"currency":"EUR","value":6050}},
               "netAmount":{"inSupplierCurrency":{"currency":"EUR","value":5000},"inWalletCurrency":{"currency":"EUR","value":5000}},
               "account":{"id":"9e4fb051-6273-4e9f-80a1-b2c3d4e5f607","name":"Representation","code":"6640","identifier":null},
               "tags":[{"id":"af50c162-7384-4fa0-91b2-c3d4e5f60718","code":"P-9","groupCode":"PROJECT"}],
               "tax":{"id":"b061d273-8495-40b1-82c3-d4e5f6071829","code":"V21","rate":0.21,"type":"exclusive","amount":{"inSupplierCurrency":{"currency":"EUR","value":1050},"inWalletCurrency":{"currency":"EUR","value":1050}},"ingoingTaxAccount":"1406","outgoingTaxAccount":"1806"}}],
             "additionalInformation":{"reconciliationId":"PLEO-000123","attendees":["Kim Vale"],
               "invoiceInformation":{"invoiceDate":"2026-04-28","invoiceNumber":"17","status":"paid","dueDate":null,"paymentDate":"2026-05-01","supplierBankAccount":null},"reconciledEntries":null},
             "_links":{"web":{"exportItem":"https://app.example.com/e/11b0c9a4"},"mobile":{},"api":{}}}
            """).RootElement;
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(ARecord.Named("full", facets: new { export_jobs = given })))[0].Uuid;

        var item = await ItemOfJobAsync(client, entry, vendorBased: true);

        foreach (var member in given.EnumerateObject()) JsonElement.DeepEquals(item.GetProperty(member.Name), member.Value).ShouldBeTrue(member.Name);
        (item.GetProperty("accountingEntryId").GetGuid(), item.Text("companyId"), item.Text("date")).ShouldBe((entry, client.CompanyId, "2026-01-15T09:30:00Z"));
    }

    [Fact]
    public async Task Section_5_3_a_plain_record_has_every_required_member()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var record = (await tenant.RegisterAsync(ARecord.Named("plain")))[0];

        var item = await ItemOfJobAsync(client, record.Uuid);

        item.Text("type").ShouldBe("card_purchase");
        item.GetProperty("amount").GetRawText().ShouldBe("""{"inSupplierCurrency":{"currency":"EUR","value":12500},"inWalletCurrency":{"currency":"EUR","value":12500}}""");
        item.Text("note").ShouldBe("Office supplies");
        item.GetProperty("contraAccount").Text("code").ShouldBe("2400");
        item.GetProperty("additionalInformation").Text("reconciliationId").ShouldBe(record.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        item.GetProperty("_links").GetRawText().ShouldBe("{}");
        var lines = item.GetProperty("accountingEntryLines").EnumerateArray().ToList();
        lines.Select(line => line.GetProperty("lineAmount").GetProperty("inWalletCurrency").GetProperty("value").GetInt64()).ShouldBe([12500, -12500]);
        lines.Select(line => line.GetProperty("account").Text("code")).ShouldBe(["6800", "2400"]);
    }

    [Fact]
    public async Task Section_5_3_a_record_without_lines_is_one_line_over_its_amount()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(Changed("bare", content => content with { Lines = [], Account = null, ContraAccount = null, Text = null })))[0].Uuid;

        var item = await ItemOfJobAsync(client, entry);

        var line = item.GetProperty("accountingEntryLines").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("netAmount").GetProperty("inSupplierCurrency").GetProperty("value").GetInt64().ShouldBe(12500);
        line.IsNull("account").ShouldBeTrue();
        (item.IsNull("contraAccount"), item.IsNull("note"), item.IsNull("supplier"), item.IsNull("user"), item.IsNull("files")).ShouldBe((true, true, true, true, true));
    }

    [Theory]
    [InlineData(SourceType.Card, RecordKind.AccountingEntry, "card_purchase")]
    [InlineData(SourceType.Reimbursement, RecordKind.AccountingEntry, "out_of_pocket")]
    [InlineData(SourceType.Bill, RecordKind.AccountingRecord, "invoice")]
    [InlineData(SourceType.Invoice, RecordKind.AccountingEntry, "invoice")]
    [InlineData(SourceType.Other, RecordKind.Expense, "out_of_pocket")]
    [InlineData(SourceType.Other, RecordKind.AccountingEntry, "card_purchase")]
    public async Task Section_6_6_the_type_follows_the_source_of_the_record(SourceType source, RecordKind kind, string type)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(Changed("typed", content => content with { SourceType = source, Kind = kind })))[0].Uuid;

        (await ItemOfJobAsync(client, entry)).Text("type").ShouldBe(type);
    }

    [Theory]
    [InlineData("EUR", 1250, "1250")]
    [InlineData("EUR", -1, "-1")]
    [InlineData("JPY", 1250, "125000")]
    [InlineData("KWD", 1255, "125.5")]
    [InlineData("KWD", 1250, "125")]
    [InlineData("CLF", 12345, "123.45")]
    [InlineData("EUR", long.MaxValue, "9223372036854775807")]
    [InlineData("JPY", long.MinValue, "-922337203685477580800")]
    public async Task Section_1_money_is_in_hundredths_of_the_unit_whatever_the_currency(string currency, long minor, string value)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(Changed("money", content => content with { Amount = new(minor, currency), Lines = [] })))[0].Uuid;

        (await ItemOfJobAsync(client, entry)).GetProperty("amount").GetProperty("inWalletCurrency").GetProperty("value").GetRawText().ShouldBe(value);
    }

    [Fact]
    public async Task A_currency_the_contract_does_not_list_is_undefined()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(Changed("odd", content => content with { Amount = new(5, "XQZ"), Lines = [] })))[0].Uuid;

        (await ItemOfJobAsync(client, entry)).GetProperty("amount").GetProperty("inWalletCurrency").Text("currency").ShouldBe("UNDEFINED");
    }

    [Fact]
    public async Task Counterparty_user_files_and_tags_of_the_record_are_shown()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(Changed("rich", content => content with
        {
            Counterparty = JsonSerializer.SerializeToElement(new { id = "S-1", name = "CAFE LUNA", country = "DE", extra = 1 }),
            User = JsonSerializer.SerializeToElement(new { id = "U-1", name = "Ada Berg" }),
            Files = JsonSerializer.SerializeToElement(new object[] { new { url = "https://f/1", type = "application/pdf", size = 10, sha = "x" }, "no file" }),
            Lines = [new("L", LineSide.Debit, new(100, "EUR"), "6800", null, JsonSerializer.SerializeToElement(new object[] { "P-9", new { code = "D-1", groupCode = "DEPARTMENT" }, 7 }))],
        })))[0].Uuid;

        var item = await ItemOfJobAsync(client, entry, vendorBased: true);

        item.GetProperty("supplier").Text("name").ShouldBe("CAFE LUNA");
        item.GetProperty("user").Text("name").ShouldBe("Ada Berg");
        item.GetProperty("files").GetRawText().ShouldBe("""[{"url":"https://f/1","type":"application/pdf","size":10}]""");
        item.GetProperty("vendor").Text("name").ShouldBe("CAFE LUNA");
        item.GetProperty("accountingEntryLines")[0].GetProperty("tags").EnumerateArray().Select(tag => (tag.Text("code"), tag.Text("groupCode"))).ShouldBe([("P-9", "TAG"), ("D-1", "DEPARTMENT")]);
    }

    [Fact]
    public async Task Derived_ids_stay_the_same_and_name_the_same_thing()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(2);
        var job = await client.JobAsync(entries);

        var (first, second) = (await client.GetAsync($"/v3/export-items?job_id={job}"), await client.GetAsync($"/v3/export-items?job_id={job}"));

        second.Text.ShouldBe(first.Text);
        first.Rows[0].GetProperty("contraAccount").Text("id").ShouldBe(first.Rows[1].GetProperty("contraAccount").Text("id"));
        first.Rows.Select(row => row.GetProperty("accountingEntryLines")[0].Text("accountingEntryLineId")).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Section_5_3_vendor_and_bookkeeping_are_shown_only_when_the_job_asks_for_them()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var facet = new { bookkeeping = new { method = "journal" }, vendor = new { id = Guid.NewGuid(), name = "V", defaultCurrency = "EUR" } };
        var entry = (await tenant.RegisterAsync(ARecord.Named("v", facets: new { export_jobs = facet })))[0].Uuid;

        var item = await ItemOfJobAsync(client, entry);

        (item.TryGetProperty("vendor", out _), item.TryGetProperty("bookkeeping", out _)).ShouldBe((false, false));
    }

    [Fact]
    public async Task Identity_and_date_come_from_the_record_whatever_the_facet_says()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entry = (await tenant.RegisterAsync(ARecord.Named("f", facets: new { export_jobs = new { accountingEntryId = Guid.NewGuid(), companyId = Guid.NewGuid(), date = "2001-01-01T00:00:00Z", type = (string?)null } })))[0].Uuid;

        var item = await ItemOfJobAsync(client, entry);

        (item.GetProperty("accountingEntryId").GetGuid(), item.Text("companyId"), item.Text("date"), item.Text("type")).ShouldBe((entry, client.CompanyId, "2026-01-15T09:30:00Z", "card_purchase"));
    }

    [Fact]
    public async Task Section_4_9_all_items_are_listed_whatever_their_status()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);
        var job = await client.StartedJobAsync(entries);
        await client.PutAsync(job, Item(entries[0], "successful"), Item(entries[1], "failed"));

        var page = await client.GetAsync($"/v3/export-items?job_id={job}&limit=1");

        page.Pagination.GetProperty("total").GetInt64().ShouldBe(3);
        page.Pagination.GetProperty("currentRequestPagination").GetRawText().ShouldBe($$"""{"parameters":{"job_id":["{{job}}"]},"limit":1}""");
        (await client.GetAsync($"/v3/export-items?job_id={job}")).Rows.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Q14_without_a_job_id_it_is_400_and_for_an_unknown_job_404()
    {
        var (client, _) = await JobsClient.NewAsync(host);

        (await client.GetAsync("/v3/export-items")).Type.ShouldBe("BAD_REQUEST");
        (await client.GetAsync("/v3/export-items?job_id=x")).Type.ShouldBe("BAD_REQUEST");
        (await client.GetAsync($"/v3/export-items?job_id={Guid.NewGuid()}")).Type.ShouldBe("EXPORT_NOT_FOUND");
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("completed_with_errors")]
    [InlineData("failed")]
    public async Task Section_4_9_a_finished_job_is_422(string status)
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var job = await client.StartedJobAsync(await tenant.EntriesAsync(1));
        await client.EventAsync(job, status);

        (await client.GetAsync($"/v3/export-items?job_id={job}")).Type.ShouldBe("EXPORT_JOB_STATUS_UNPROCESSABLE");
    }

    [Fact]
    public async Task Section_4_9_a_mapping_that_went_missing_is_400_and_the_job_keeps_its_status()
    {
        var (client, tenant) = await JobsClient.NewAsync(host);
        var entries = await tenant.EntriesAsync(3);
        var job = await client.StartedJobAsync(entries);
        await tenant.RegisterAsync(Unmapped("r-3"));

        var answer = await client.GetAsync($"/v3/export-items?job_id={job}&limit=1");

        (answer.Status, answer.Type, answer.Message).ShouldBe((400, "MISSING_CONTRA_ACCOUNTS", "No contra account is mapped for: EUR."));
        (await client.StatusAsync(job)).ShouldBe("in_progress");
        await tenant.RegisterAsync(ARecord.Named("r-3"));
        (await client.GetAsync($"/v3/export-items?job_id={job}&limit=1")).Status.ShouldBe(200);
    }

    private static IncomingRecord Unmapped(string id) =>
        Changed(id, content => content with { ContraAccount = null, Facets = JsonSerializer.SerializeToElement(new { export_jobs = new { contraAccount = (object?)null } }) });

    private static IncomingRecord Changed(string id, Func<RecordContent, RecordContent> change)
    {
        var record = ARecord.Named(id);
        return record with { Content = change(record.Content) };
    }

    private static async Task<JsonElement> ItemOfJobAsync(JobsClient client, Guid entry, bool vendorBased = false)
    {
        var created = await client.PostAsync("/v3/export-jobs", new { companyId = client.CompanyId, accountingEntryIds = new[] { entry }, options = new { vendorBasedBookkeeping = vendorBased } });
        created.Status.ShouldBe(201, created.Text);
        return (await client.GetAsync($"/v3/export-items?job_id={created.Data.Text("id")}")).Rows.ShouldHaveSingleItem();
    }
}
