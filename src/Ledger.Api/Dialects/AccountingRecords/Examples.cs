namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>Bodies of the published API description.</summary>
internal static class Examples
{
    public const string IntegrationId = "int_019ae0c4d2b17c3f9a5e60d1c2b3a495";

    public static string Integration(string status) => $$"""
        {"integration_id":"{{IntegrationId}}","vendor":"NORTHLEDGER","vendor_account_id":"nl-org-4471","status":"{{status}}","created_at":"2026-05-04T08:30:11.000000Z"}
        """;

    public const string Record = """
        {"id":"accr_cm9x1q7d0001","amount":{"amount":171.75,"currency":"USD"},"original_amount":{"amount":158.4,"currency":"EUR"},"type":"CARD_EXPENSE_POST",
         "review_status":"READY_FOR_EXPORT","source_id":"expense_cm9x1h3c0044","source_type":"CARD","erp_posting_date":"2026-06-11T09:09:05.840865Z",
         "updated_at":"2026-06-12T07:41:33.118204Z","version":4,
         "receipts":[{"id":"receipt_cm9x1k0p0009","download_uris":["https://files.example.com/r/0009.pdf"]}],
         "user":{"id":"cuuser_cm1b7e2s0003","first_name":"Mira","last_name":"Okafor","email":"mira@acme.example","role":"EMPLOYEE","status":"ACTIVE","department_name":"Field Ops"},
         "vendor":{"id":"pmch_cm2k4w8z0010","name":"Rail Europe","contact_name":null,"email":null,"website":"https://rail.example","phone":null},
         "memo":"Site visit Lyon","posted_at":"2026-06-11T09:09:05.840000Z","due_at":null,"invoice_number":null,
         "line_items":[
          {"id":"accrli_cm9x1q7d1001","type":"DEBIT","amount":{"amount":171.75,"currency":"USD"},"memo":null,"accounting_field_values":[
            {"brex_field_id":"extended_field_gl01","remote_field_id":"GL_ACCOUNT","brex_field_value_id":"efo_6110","remote_field_value_id":"6110"}]},
          {"id":"accrli_cm9x1q7d1002","type":"CREDIT","amount":{"amount":171.75,"currency":"USD"},"memo":null,"accounting_field_values":[]}]}
        """;

    public const string Page = $$"""{"items":[{{Record}}],"total_count":2,"next_cursor":"6c1Vq0m3…","has_next_page":true}""";

    public const string Results = """
        {"results":[
         {"accounting_record_id":"accr_cm9x1q7d0001","success":{"reference_id":"JE-20418","deep_link_url":"https://ledger.example.com/journal/20418"}},
         {"accounting_record_id":"accr_cm9x1q7d0002","failure":{"error_message":"GL account 6110 is closed for June"}}]}
        """;
}
