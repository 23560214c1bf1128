using System.Text.Json;

namespace Ledger.Api.Tests.Dialects.ExportJobs;

/// <summary>The checker itself: it must see what is wrong, or the tests that rest on it could not fail.</summary>
public sealed class JsonSchemaTests
{
    private const string Item = """{"exportJobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","accountingEntryId":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","status":"pending","failureReasonType":null,"exportedAt":null}""";

    [Theory]
    [InlineData("\"status\":\"pending\",", "", "$.status is missing.")]
    [InlineData("\"status\":\"pending\"", "\"status\":null", "$.status is null.")]
    [InlineData("\"status\":\"pending\"", "\"status\":7", "$.status is no string.")]
    [InlineData("\"status\":\"pending\"", "\"status\":\"pending\",\"other\":1", "$.other is not in the contract.")]
    [InlineData("8d0e2c1a", "8D0E2C1A", "$.exportJobId is '8D0E2C1A-7b54-4f0e-9a35-2f6c1d9e4b70', no uuid.")]
    [InlineData("\"exportedAt\":null", "\"exportedAt\":\"2026-05-04T08:00:00.123Z\"", "$.exportedAt is '2026-05-04T08:00:00.123Z', no date-time.")]
    public void Sees_a_wrong_member(string right, string wrong, string fault)
    {
        Faults("ExportJobItemV3", Item).ShouldBeEmpty();
        Faults("ExportJobItemV3", Item.Replace(right, wrong, StringComparison.Ordinal)).ShouldBe([fault]);
    }

    [Theory]
    [InlineData("MoneyModel", """{"currency":"XQZ","value":1}""", "$.currency is XQZ, not one of the list.")]
    [InlineData("MoneyModel", """{"currency":"EUR","value":"1"}""", "$.value is no number.")]
    [InlineData("ExportItemFile", """{"url":"u","type":"t","size":2147483648}""", "$.size is no int32.")]
    [InlineData("ExportItemFile", """{"url":"u","type":"t","size":1.5}""", "$.size is no int32.")]
    [InlineData("VendorV3", """{"id":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","name":"n","defaultCurrency":"EURO"}""", "$.defaultCurrency is too long.")]
    [InlineData("CursorPaginatedResponseExportJobItemV3", """{"data":[[]],"pagination":{"currentRequestPagination":{"parameters":{}},"hasNextPage":false,"hasPreviousPage":false}}""", "$.data[0] is no object.")]
    [InlineData("CursorPaginatedResponseExportJobItemV3", """{"data":[],"pagination":{"currentRequestPagination":{"parameters":{"a":"b"}},"hasNextPage":0,"hasPreviousPage":false}}""", "$.pagination.currentRequestPagination.parameters.a is no array.|$.pagination.hasNextPage is no boolean.")]
    [InlineData("ExportItemAdditionalInformationV3", """{"reconciliationId":"1","reconciledEntries":["a","a"]}""", "$.reconciledEntries repeats itself.")]
    public void Sees_a_wrong_value(string schema, string value, string faults) => Faults(schema, value).ShouldBe(faults.Split('|'));

    private static List<string> Faults(string schema, string value)
    {
        using var document = JsonDocument.Parse(value);
        return ExportJobsContract.Schemas.Faults(schema, document.RootElement);
    }
}
