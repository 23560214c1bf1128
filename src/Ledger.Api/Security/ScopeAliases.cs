using Ledger.Clients;

namespace Ledger.Api.Security;

/// <summary>The one table between the contracts' scope names and ours.</summary>
/// <remarks>
/// "Requires" is what an endpoint that names the scope asks for; "grants" is what a token with the scope may do. They differ where a
/// contract describes its write scope as "view and manage". Names that only make sense to an identity provider are accepted,
/// because partner libraries always send them, and grant nothing.
/// </remarks>
public static class ScopeAliases
{
    private static readonly Dictionary<string, (LedgerScopes Requires, LedgerScopes Grants)> Table = new(StringComparer.Ordinal)
    {
        // Accounting records (/v3/accounting).
        ["accounting.integration.read"] = (LedgerScopes.ExportsRead, LedgerScopes.ExportsRead),
        ["accounting.integration.write"] = (LedgerScopes.ExportsWrite, LedgerScopes.ExportsRead | LedgerScopes.ExportsWrite),
        ["accounting.record.read"] = (LedgerScopes.ExportsRead, LedgerScopes.ExportsRead),
        ["accounting.record.write"] = (LedgerScopes.ExportsWrite, LedgerScopes.ExportsRead | LedgerScopes.ExportsWrite),
        // Export jobs (/v3/export-jobs and its siblings).
        ["export-jobs:read"] = (LedgerScopes.ExportsRead, LedgerScopes.ExportsRead),
        ["export-jobs:write"] = (LedgerScopes.ExportsWrite, LedgerScopes.ExportsWrite),
        ["export-items:read"] = (LedgerScopes.ExportsRead, LedgerScopes.ExportsRead),
        ["openid"] = (LedgerScopes.None, LedgerScopes.None),
        ["offline_access"] = (LedgerScopes.None, LedgerScopes.None),
    };

    static ScopeAliases()
    {
        // Accounting entries name no scopes; accounting exports and the native API use ours.
        foreach (var (name, scope) in ScopeNames.All) Table.Add(name, (scope, scope));
    }

    public static IReadOnlyCollection<string> Names => Table.Keys;

    /// <summary>What an endpoint that names this scope asks for.</summary>
    /// <exception cref="ArgumentException">No such scope: a typing error in a route, found at start.</exception>
    public static LedgerScopes Required(string name) =>
        Table.TryGetValue(name, out var entry) && entry.Requires is not LedgerScopes.None
            ? entry.Requires
            : throw new ArgumentException($"There is no scope '{name}' to require.", nameof(name));

    /// <returns>False for a name that no contract knows.</returns>
    public static bool TryGrant(string name, out LedgerScopes requires, out LedgerScopes grants)
    {
        var known = Table.TryGetValue(name, out var entry);
        (requires, grants) = entry;
        return known;
    }
}
