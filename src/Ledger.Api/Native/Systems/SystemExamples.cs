using Ledger.Api.Native.Records;

namespace Ledger.Api.Native.Systems;

/// <summary>Bodies for the documents of the API.</summary>
internal static class SystemExamples
{
    public const string Systems = """{"systems":[{"system_id":"erp","first_seen_at":"2026-01-15T10:00:00Z","offered":118,"exported":1879,"failed":3,"oldest_offered":"2026-01-15T09:31:02.114203Z"}]}""";

    private const string State = """
        "system_id":"erp","record_id":"INV-2026-0042","status":"failed","exported_since":null,"last_exported_at":null,"exported_at":null,"external_id":null,"external_url":null,"note":null,
        "attempt":{"id":"9f3c1e0a77b2d415","status":"failed","job_id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","opened_by":"export_jobs","opened_at":"2026-01-15T10:00:00Z","changed_at":"2026-01-15T10:00:05Z"},
        "failure":{"type":"validation","reason":"Account 6800 is closed","at":"2026-01-15T10:00:05Z"},"version":2
        """;

    public const string Item = "{" + State + ""","as_of":{"position":4711,"time":"2026-01-15T10:01:00Z"}}""";

    public const string NotExported = """{"items":[{"record":""" + RecordExamples.Record + ""","state":{""" + State + """}}],"next_cursor":null,"as_of":{"position":4711,"time":"2026-01-15T10:01:00Z"}}""";

    public const string Differences = """{"differences":[{"position":4708,"system_id":"erp","record_id":"INV-2026-0042","from":null,"to":{""" + State
        + """}}],"next_cursor":null,"from":{"position":4690,"time":"2026-01-12T06:00:00Z"},"to":{"position":4711,"time":"2026-01-15T10:01:00Z"}}""";

    public const string ResultsBody = """
        {"results":[{"record_id":"INV-2026-0042","outcome":"exported","external_id":"4200017","external_url":"https://erp.example/4200017","exported_at":"2026-01-15T10:00:05Z","note":"Posted to period 1"},
                    {"record_id":"INV-2026-0043","outcome":"failed","failure":{"type":"validation","reason":"Account 6800 is closed"}}]}
        """;

    public const string ResultsAnswer = """
        {"results":[{"record_id":"INV-2026-0042","status":"applied","version":1},
                    {"record_id":"INV-2026-0043","status":"rejected","version":null,"problem":{"code":"record_not_found","detail":"There is no such record."}}],
         "counts":{"applied":1,"unchanged":0,"rejected":1}}
        """;
}
