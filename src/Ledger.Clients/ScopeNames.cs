namespace Ledger.Clients;

/// <summary>The scopes' names on the wire and in the database.</summary>
public static class ScopeNames
{
    public static IReadOnlyList<(string Name, LedgerScopes Scope)> All { get; } =
    [
        ("records:write", LedgerScopes.RecordsWrite),
        ("exports:read", LedgerScopes.ExportsRead),
        ("exports:write", LedgerScopes.ExportsWrite),
        ("audit:read", LedgerScopes.AuditRead),
        ("admin", LedgerScopes.Admin),
    ];

    public static string[] Of(LedgerScopes scopes) => [.. All.Where(entry => scopes.HasFlag(entry.Scope)).Select(entry => entry.Name)];

    /// <returns>False when a name is not ours; then <paramref name="scopes"/> holds the ones that are.</returns>
    public static bool TryParse(IEnumerable<string> names, out LedgerScopes scopes)
    {
        ArgumentNullException.ThrowIfNull(names);
        scopes = LedgerScopes.None;
        var known = true;
        foreach (var name in names)
        {
            var scope = All.FirstOrDefault(entry => entry.Name == name).Scope;
            known &= scope != LedgerScopes.None;
            scopes |= scope;
        }
        return known;
    }
}
