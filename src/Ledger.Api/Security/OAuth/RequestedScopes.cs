using Ledger.Clients;

namespace Ledger.Api.Security.OAuth;

/// <summary>Which scopes a token gets: those asked for, all of the client's when none are (RFC 6749 §3.3).</summary>
internal static class RequestedScopes
{
    /// <param name="requested">Names separated by single or more spaces; a partner's names and ours may be mixed.</param>
    /// <param name="names">For the answer: the names as asked, so that a library that compares finds its own; ours when none were asked.</param>
    public static bool TryResolve(string? requested, LedgerScopes owned, out LedgerScopes scopes, out string names)
    {
        scopes = LedgerScopes.None;
        var granted = new List<string>();
        foreach (var name in (requested ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            names = "";
            if (!ScopeAliases.TryGrant(name, out var requires, out var grants) || (requires & owned) != requires) return false;
            if (grants is LedgerScopes.None) continue;
            // "View and manage" of a client that may only manage: it gets no more than it owns.
            scopes |= grants & owned;
            granted.Add(name);
        }
        if (granted.Count == 0)
        {
            scopes = owned;
            granted.AddRange(ScopeNames.Of(owned));
        }
        names = string.Join(' ', granted);
        return true;
    }
}
