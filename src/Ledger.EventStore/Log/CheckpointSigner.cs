using System.Security.Cryptography;
using Ledger.Proof.Notes;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>Signs checkpoints with every key that signs at the moment; a rotation is noticed at the next flush.</summary>
public sealed class CheckpointSigner(LogKeys keys, LogSettings settings) : IDisposable
{
    private readonly Dictionary<string, (ECDsa Key, NoteSigner Signer)> _signers = [];   // by private key: making one costs more than a signature

    /// <returns>One signed note per tenant, in the same order.</returns>
    internal async Task<IReadOnlyList<string>> SignAsync(NpgsqlConnection connection, IReadOnlyList<TenantLeaves> grown, CancellationToken cancellationToken)
    {
        var signers = (await keys.SigningAsync(connection, cancellationToken)).Select(Signer).ToList();
        if (signers.Count == 0) throw new InvalidOperationException("There is no key to sign checkpoints with; the service makes one when it starts.");
        return [.. grown.Select(tenant => new Checkpoint(settings.OriginOf(tenant.TenantId), tenant.Tree.Size, tenant.Tree.Root).Sign(signers).ToString())];
    }

    public void Dispose()
    {
        foreach (var (key, signer) in _signers.Values)
        {
            signer.Dispose();
            key.Dispose();
        }
        _signers.Clear();
    }

    private NoteSigner Signer(byte[] privateKey)
    {
        var name = Convert.ToBase64String(privateKey);
        if (_signers.TryGetValue(name, out var known)) return known.Signer;
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        var signer = new NoteSigner(settings.Origin, key);
        _signers.Add(name, (key, signer));
        return signer;
    }
}
