namespace Ledger.Api.Native.Records;

/// <summary>Bodies for the documents of the API.</summary>
internal static class RecordExamples
{
    public const string Body = """
        {"records":[{
          "id":"INV-2026-0042","kind":"accounting_entry","source_type":"card","stage":"ready",
          "amount":{"value":12500,"currency":"EUR"},"posted_at":"2026-01-15","created_at":"2026-01-15T09:30:00Z","updated_at":"2026-01-15T09:30:00Z",
          "text":"Office supplies","account":"6800","contra_account":"2400",
          "lines":[{"id":"1","side":"debit","amount":{"value":12500,"currency":"EUR"},"account":"6800","text":"Paper","tags":["marketing"]},
                   {"id":"2","side":"credit","amount":{"value":12500,"currency":"EUR"},"account":"2400"}],
          "counterparty":{"id":"V-7","name":"Paper & Co"},"user":{"id":"U-1","name":"Ada"},
          "files":[{"url":"https://files.example/42.pdf","type":"application/pdf","size":48213}],
          "facets":{"accounting_entries":{"voucher_number":"A-17"}}}]}
        """;

    public const string Lines = """{"id":"INV-2026-0042","amount":{"value":12500,"currency":"EUR"},"text":"Office supplies"}""";

    public const string Results = """
        {"results":[{"id":"INV-2026-0042","status":"registered","number":1000000000001,"uuid":"3b0c6f9e-9b0a-5d0e-8a4b-0d7a4f1c2e11","version":1},
                    {"id":"INV-2026-0043","status":"rejected","number":null,"uuid":null,"version":null,
                     "problem":{"code":"invalid_record","detail":"/records/1/amount: Is missing.","errors":[{"pointer":"/records/1/amount","message":"Is missing."}]}}],
         "counts":{"registered":1,"revised":0,"unchanged":0,"rejected":1}}
        """;

    public const string ResultLines = """{"line":1,"id":"INV-2026-0042","status":"registered","number":1000000000001,"uuid":"3b0c6f9e-9b0a-5d0e-8a4b-0d7a4f1c2e11","version":1}""";

    public const string Record = """
        {"id":"INV-2026-0042","number":1000000000001,"uuid":"3b0c6f9e-9b0a-5d0e-8a4b-0d7a4f1c2e11","version":1,"kind":"accounting_entry","source_type":"card","stage":"ready","withdrawn":false,
         "amount":{"value":12500,"currency":"EUR"},"posted_at":"2026-01-15T00:00:00Z","created_at":"2026-01-15T09:30:00Z","updated_at":"2026-01-15T09:30:00Z",
         "text":"Office supplies","account":"6800","contra_account":"2400",
         "lines":[{"id":"1","side":"debit","amount":{"value":12500,"currency":"EUR"},"account":"6800","text":"Paper","tags":["marketing"]}],
         "counterparty":{"id":"V-7","name":"Paper & Co"},"user":{"id":"U-1","name":"Ada"},"files":[{"url":"https://files.example/42.pdf","type":"application/pdf","size":48213}],
         "facets":{"accounting_entries":{"voucher_number":"A-17"}},
         "registered_at":"2026-01-15T09:31:02.114203Z","revised_at":"2026-01-15T09:31:02.114203Z","changed_at":"2026-01-15T09:31:02.114203Z"}
        """;

    public const string Page = $$"""{"records":[{{Record}}],"next_cursor":"q1Xb0o3tQ0m6mJr3b0c6fzEwMDAwMDAwMDAwMDE"}""";
}
