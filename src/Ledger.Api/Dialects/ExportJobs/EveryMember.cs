namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>Bodies in which every member of the contract has a value: the published schemas are read off these, too, so that null in an example is not taken for its type.</summary>
internal static class EveryMember
{
    private const string Pagination = """
        "pagination":{"currentRequestPagination":{"parameters":{},"limit":50,"after":"AEAAAAAAAAAAAAI=~7Q3V2K5ZPXJ4WM6T","before":"AEAAAAAAAAAAAAI=~7Q3V2K5ZPXJ4WM6T","offset":0,"sortingKeys":["id"],"sortingOrder":["ASC"]}}
        """;

    private const string JobMembers = """
        {"startedAt":"2026-05-04T08:01:00Z","completedAt":"2026-05-04T08:05:00Z","expiredAt":"2026-05-04T09:05:00Z","failureReason":"No report for an hour.","failureReasonType":"job_expired"}
        """;

    private const string ItemMembers = """{"failureReason":"Vendor 4711 is blocked in the ledger.","failureReasonType":"vendor_unknown"}""";

    // The contract's amounts are numbers, though the ledger's are always whole.
    private const string Money = """{"inSupplierCurrency":{"currency":"EUR","value":0.5},"inWalletCurrency":{"currency":"EUR","value":0.5}}""";

    public const string Job = $$"""{"data":{{JobMembers}}}""";
    public const string Jobs = $$"""{"data":[{{JobMembers}}],{{Pagination}}}""";
    public const string Item = $$"""{"data":{{ItemMembers}}}""";
    public const string Items = $$"""{"data":[{{ItemMembers}}],{{Pagination}}}""";
    public const string Updated = $$"""{"data":[{{ItemMembers}}]}""";

    public const string ExportItems = $$$"""
        {"data":[{"subType":"currency_conversion","amount":{{{Money}}},"bookkeeping":{"method":"accrual"},
          "supplier":{"code":"S-1","account":"4711","taxIdentifier":"DE123456789"},"team":{"id":"c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f","name":"Field","code":"T-1"},
          "vendor":{"id":"b061d273-8495-40b1-82c3-d4e5f6071829","name":"Cafe Luna","code":"V-1","country":"DE","defaultCurrency":"EUR","externalId":"4711","registrationNumber":"HRB 1","taxRegistrationNumber":"DE123456789"},
          "servicePeriod":{"from":"2026-04-01T00:00:00Z","to":"2026-04-30T00:00:00Z"},
          "accountingEntryLines":[{"lineAmount":{{{Money}}},"netAmount":{{{Money}}},"account":{"identifier":"acc-6640"},
            "tax":{"id":"c172e384-95a6-41c2-93d4-e5f607182930","code":"VAT19","rate":0.19,"type":"inclusive","amount":{{{Money}}},"ingoingTaxAccount":"1576","outgoingTaxAccount":"1776"}}],
          "additionalInformation":{"attendees":["Ada Berg"],"reconciledEntries":["1000000000002"],
            "invoiceInformation":{"invoiceDate":"2026-04-28","invoiceNumber":"17","status":"paid","dueDate":"2026-05-28","paymentDate":"2026-05-01",
              "supplierBankAccount":{"accountNumber":"532013000","bankCode":"37040044","bankName":"Bank","bic":"COBADEFFXXX","country":"DE","iban":"DE89370400440532013000"}}
          },
          "_links":{"api":{},"mobile":{},"web":{} }}],{{{Pagination}}}}
        """;
}
