namespace Ledger.Api.OpenApi;

/// <summary>The documents, one per contract; a route belongs to the one its group is named after, signing in to all of them.</summary>
internal static class ApiDocuments
{
    public sealed record Document(string Name, string Title, string Description);

    private const string SignIn = """


        Sign in by OAuth 2.0 client credentials at `/oauth2/token`, or send an API key as the user name of HTTP Basic with an empty password. Every answer carries `X-Correlation-Id`; send one to choose it.
        """;

    public static IReadOnlyList<Document> All { get; } =
    [
        new("native", "Export Ledger", "For platforms, auditors and operators: records in, results, re-opens, past states, timelines, the event feed. Errors are problem details (RFC 9457)." + SignIn),
        new("accounting-records", "Accounting records", "Export of accounting records through a partner integration." + SignIn),
        new("accounting-entries", "Accounting entries", "Export queue of accounting entries per system, and marking as exported." + SignIn),
        new("export-jobs", "Export jobs", "Batches of items that an integration works through." + SignIn),
        new("accounting-exports", "Accounting exports", "Single exports and batches of them, with their results." + SignIn),
        new("webhooks", "Webhooks", "Announcements of records that became ready and of export jobs, signed by the Standard Webhooks scheme; subscriptions, secrets and the delivery log." + SignIn),
    ];
}
