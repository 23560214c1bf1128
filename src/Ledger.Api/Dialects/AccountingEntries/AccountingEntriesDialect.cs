using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;

namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>The accounting entries API, version 10: poll what is not exported, mark what is.</summary>
internal static class AccountingEntriesDialect
{
    private const string Entries = """
        {"accounting_entries":[{"id":910001,"currency":"EUR","amount":1250.00,"account":1010,"contra_account":4000,"date":"2024-01-15T09:00:00.000000Z",
        "text":"Invoice 1","created_at":"2024-01-15T09:00:00.000000Z","updated_at":"2024-01-15T09:00:00.000000Z"}]}
        """;

    private const string Marks = """{"accounting_entries":[{"accounting_entry_id":910001,"system_id":"books","note":"Voucher 77"}]}""";

    private const string Marked = """
        {"accounting_entries":[{"accounting_entry_id":910001,"system_id":"books","exported_at":"2024-03-01T10:00:00.000000Z","note":"Voucher 77"}]}
        """;

    public static void MapAccountingEntries(this IEndpointRouteBuilder routes)
    {
        var entries = routes.MapGroup("/v10/accounting-entries")
            .WithErrorShape(AccountingEntriesErrors.Shape).WithGroupName("accounting-entries").AcceptAccessTokenInQuery()
            .WithQueryParameter("access_token", "A token, for clients that cannot send the Authorization header.", "AbC123")
            .WithHeader("X-Traede-App-Key", "Accepted and not looked at: the credential says which application calls.", "any");

        entries.MapGet("/export", ExportEntries.HandleAsync).RequireScope("exports:read")
            .WithSummary("Get accounting entries that have not been exported")
            .WithDescription("Filters, paging and the meaning of not_exported_since: docs/accounting-entries.md.")
            .WithQueryParameter("system_id", "The system the entries are to be exported to.", "books", required: true)
            .WithQueryParameter("not_exported_since", "Leaves out exactly the entries exported continuously since then (UTC). Default: what is not exported now.", "2024-03-01T00:00:00Z")
            .WithQueryParameter("not_export_since", "The same parameter in its other spelling.", "2024-03-01T00:00:00Z")
            .WithQueryParameter("filter_groups", "Groups of filters on created_at and updated_at, in brackets (filter_groups[0][filters][0][key]=…) or as JSON text.",
                """[{"filters":[{"key":"created_at","operator":"gte","value":"2024-01-01"}],"or":false}]""")
            .WithQueryParameter("sort[0][key]", "id, created_at or updated_at.", "created_at")
            .WithQueryParameter("sort[0][direction]", "ASC or DESC.", "DESC")
            .WithQueryParameter("page", "Counts from 0.", "0")
            .WithQueryParameter("limit", "1 to 60; default 20.", "20")
            .WithQueryParameter("start", "Rows to skip; beats page.", "0")
            .WithResponseExample(StatusCodes.Status200OK, "The entries of the page. X-Ledger-As-Of says which position and time it speaks for.", Entries)
            .WithErrors(StatusCodes.Status414UriTooLong, StatusCodes.Status422UnprocessableEntity);

        entries.MapPost("/mark-as-exported", MarkEntries.HandleAsync).RequireScope("exports:write")
            .WithSummary("Mark accounting entries as exported")
            .WithDescription("1 to 10 entries, all of them or none.")
            .WithHeader("Idempotency-Key", "The caller's name for this call: repeated with the same body, the first answer is given again and nothing is written.", "sync-2024-03-01-7")
            .WithRequestExample(Marks)
            .WithResponseExample(StatusCodes.Status200OK, "What was recorded, in the order sent.", Marked)
            .WithErrors(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
    }
}
