namespace Ledger.EventStore.Log;

/// <summary>Whose logs these are, and what the operator gave to sign them with.</summary>
/// <param name="Origin">Name of the server: of its keys, and with a slash and the tenant's id the origin line of each tenant's log. Whoever changes it renames every log.</param>
/// <param name="PrivateKeys">PKCS #8, ECDSA P-256: the signing key and, while it is being replaced, its predecessor. Empty: the service makes its own key and keeps it in the database.</param>
public sealed record LogSettings(string Origin, IReadOnlyList<byte[]> PrivateKeys)
{
    public const string DefaultOrigin = "export-ledger";

    public static LogSettings Default { get; } = new(DefaultOrigin, []);

    /// <summary>The first line of every checkpoint of the tenant.</summary>
    public string OriginOf(string tenantId) => $"{Origin}/{tenantId}";
}
