using System.Globalization;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Items;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class ListExports
{
    private const int MaxLimit = 100;
    private const int DefaultLimit = 20;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync).RequireScope("exports:read")
        .WithSummary("List export records, newest first")
        .WithQueryParameter("page", "Page, from 1.", "1").WithQueryParameter("limit", "Exports per page, 1 to 100; 20 if left out.", "20")
        .WithQueryParameter("status", "pending, processing, success, failed or cancelled.", "success").WithQueryParameter("target_system", "Only exports to this system.", "tripletex")
        .WithQueryParameter("expense_id", "Only exports of this expense.", "exp_9c2d7e").WithQueryParameter("batch_id", "Only exports of this batch.", "batch_9f1e3c0011223344")
        .WithQueryParameter("initiated_from", "Only exports initiated then or later (RFC 3339).", "2026-03-20T00:00:00Z")
        .WithQueryParameter("initiated_to", "Only exports initiated then or earlier (RFC 3339).", "2026-03-21T00:00:00Z")
        .WithResponseExample(200, "One page, and how many exports match.", """
            {"data":[{"export_id":"exp_xp_6a2d9c0f1e4b7a85","expense_id":"exp_9c2d7e","target_system":"tripletex","status":"success",
                      "external_reference":"TTX-20260318-9927","exported_at":"2026-03-20T15:00:00Z"}],
             "pagination":{"page":1,"limit":20,"total":1}}
            """)
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, AttemptPages attempts, CancellationToken cancellationToken)
    {
        var query = new Query(context.Request.Query);
        var (page, limit) = (query.Number("page", 1, int.MaxValue / MaxLimit, 1), query.Number("limit", 1, MaxLimit, DefaultLimit));
        var (own, others) = Statuses(query.Text("status"), query);
        var question = new AttemptQuestion(
            client.TenantId, AccountingExportsDialect.Name, own, others, query.Text("target_system") is { } system ? new SystemId(system) : null,
            query.Text("expense_id") is { } record ? new RecordId(record) : null, query.Text("batch_id"), query.Time("initiated_from"), query.Time("initiated_to"), limit, (page - 1L) * limit);
        if (query.Faults.ToFault() is { } fault) return new FaultResult(fault);
        var (rows, total) = await attempts.ReadAsync(question, cancellationToken);
        return TypedResults.Json(new ExportList([.. rows.Select(ExportSummary.Of)], new(page, limit, total)), ExportJson.Default.ExportList);
    }

    private static (AttemptStatus[]? Own, AttemptStatus[]? Others) Statuses(string? status, Query query)
    {
        switch (status)
        {
            case null: return (null, null);
            case "pending": return ([], [AttemptStatus.Pending]);
            case "processing": return ([AttemptStatus.Pending, AttemptStatus.InProgress], [AttemptStatus.InProgress]);
            case "success": return ([AttemptStatus.Successful], null);
            case "failed": return ([AttemptStatus.Failed], null);
            case "cancelled": return ([AttemptStatus.Cancelled, AttemptStatus.Abandoned], null);
            default:
                query.Faults.Add("?status", "Must be pending, processing, success, failed or cancelled.");
                return (null, null);
        }
    }

    /// <summary>Each parameter at most once; what is wrong is collected.</summary>
    private sealed class Query(IQueryCollection values)
    {
        public JsonFaults Faults { get; } = new();

        public string? Text(string name)
        {
            var given = values[name];
            if (given.Count > 1) Faults.Add($"?{name}", "Must be given once.");
            else if (given is [var text] && string.IsNullOrEmpty(text)) Faults.Add($"?{name}", "Must not be empty.");
            else if (given is [var text2] && text2!.Contains('\0', StringComparison.Ordinal)) Faults.Add($"?{name}", "Must not hold U+0000.");
            else return given.Count == 1 ? given[0] : null;
            return null;
        }

        public int Number(string name, int min, int max, int fallback)
        {
            if (Text(name) is not { } text) return fallback;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
            Faults.Add($"?{name}", string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {min} to {max}."));
            return fallback;
        }

        public DateTimeOffset? Time(string name)
        {
            if (Text(name) is not { } text) return null;
            if (Rfc3339.TryParse(text, out var time)) return time;
            Faults.Add($"?{name}", "Must be an existing RFC 3339 time such as 2026-01-31T08:00:00Z.");
            return null;
        }
    }
}
