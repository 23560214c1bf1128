namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>Bodies of this contract as its OpenAPI document shows them.</summary>
internal static class Examples
{
    public const string JobId = "8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70";
    public const string CompanyId = "3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6";
    public const string EntryId = "11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61";

    public const string Cursor = "AEAAAAAAAAAAAAI=~7Q3V2K5ZPXJ4WM6T";

    private const string JobMembers = """
        {"id":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","companyId":"3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6","status":"pending","createdAt":"2026-05-04T08:00:00Z",
         "createdBy":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","isInteractive":true,"numberOfItems":3,"vendorBasedBookkeeping":true,"expiresIn":3600,"startedAt":null,
         "lastUpdatedAt":"2026-05-04T08:00:00Z","completedAt":null,"expiredAt":null,"failureReason":null,"failureReasonType":null}
        """;

    private const string SuccessfulItem = """
        {"exportJobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","accountingEntryId":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","status":"successful","externalId":"JE-10452",
         "externalUrl":"https://erp.example.com/journal/JE-10452","exportedAt":"2026-05-04T08:03:05Z","failureReason":null,"failureReasonType":null}
        """;

    private const string Pagination = """
        "pagination":{"currentRequestPagination":{"parameters":{},"limit":50},"hasNextPage":false,"hasPreviousPage":false,"startCursor":"AEAAAAAAAAAAAAI=~7Q3V2K5ZPXJ4WM6T",
         "endCursor":"AEAAAAAAAAAAAAI=~7Q3V2K5ZPXJ4WM6T","total":1}
        """;

    public const string Job = $$"""{"data":{{JobMembers}}}""";
    public const string Jobs = $$"""{"data":[{{JobMembers}}],{{Pagination}}}""";
    public const string Item = $$"""{"data":{{SuccessfulItem}}}""";
    public const string Items = $$"""{"data":[{{SuccessfulItem}}],{{Pagination}}}""";

    public const string Create = """
        {"companyId":"3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6","accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","22c1dab5-7a3f-4e2c-8d49-8b6f1e3a9c72","33d2ebc6-8b4a-4f3d-9e5a-9c7a2f4bad83"],
         "employeeId":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","isInteractive":true,"options":{"vendorBasedBookkeeping":true}}
        """;

    public const string Update = """
        [{"accountingEntryId":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","status":"successful","externalId":"JE-10452","externalUrl":"https://erp.example.com/journal/JE-10452","exportedAt":"2026-05-04T08:03:05Z"},
         {"accountingEntryId":"22c1dab5-7a3f-4e2c-8d49-8b6f1e3a9c72","status":"failed","failureReasonType":"vendor_unknown","failureReason":"Vendor 4711 is blocked in the ledger."}]
        """;

    public const string Updated = $$"""
        {"data":[{{SuccessfulItem}}],
         "errors":[{"accountingEntryId":"99999999-9999-4999-8999-999999999999","type":"ACCOUNTING_ENTRY_DOES_NOT_EXIST","message":"Entry is not part of this export job."}]}
        """;

    public const string Started = """{"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"started"}""";

    public const string Failed = """
        {"jobId":"8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70","event":"failed","failureReasonType":"accounting_system_unreachable","failureReason":"Ledger API did not answer."}
        """;

    public const string Search = """{"accountingEntryIds":["11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"],"status":"successful"}""";

    private const string Money = """{"inSupplierCurrency":{"currency":"EUR","value":6050},"inWalletCurrency":{"currency":"EUR","value":6050}}""";

    public const string ExportItems = $$$"""
        {"data":[{"accountingEntryId":"11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61","companyId":"3f6a1c52-9d0b-4e7c-8a11-5b2d7e90c4f6","date":"2026-04-28T09:14:00Z","type":"card_purchase","subType":null,
          "amount":{{{Money}}},"note":"Team lunch","files":[{"url":"https://files.example.com/r/11b0c9a4","type":"image/jpeg","size":130100}],
          "supplier":{"name":"CAFE LUNA","code":null,"account":null,"categoryCode":"5812","country":"DE","taxIdentifier":null},
          "user":{"id":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","name":"Ada Berg","code":"E-17"},"team":null,
          "contraAccount":{"id":"7c2d9e3f-4051-4c7d-8e8f-90a1b2c3d4e5","name":"Pleo EUR","code":"1361","identifier":"acc-1361"},"servicePeriod":null,
          "accountingEntryLines":[{"accountingEntryLineId":"8d3eaf40-5162-4d8e-9f90-a1b2c3d4e5f6","lineAmount":{{{Money}}},"netAmount":{{{Money}}},
            "account":{"id":"9e4fb051-6273-4e9f-80a1-b2c3d4e5f607","name":"Representation","code":"6640","identifier":null},
            "tags":[{"id":"af50c162-7384-4fa0-91b2-c3d4e5f60718","code":"P-9","groupCode":"PROJECT"}],"tax":null}],
          "additionalInformation":{"reconciliationId":"1000000000001","attendees":null,"invoiceInformation":null,"reconciledEntries":null},"_links":{}}],
         {{{Pagination}}}}
        """;
}
