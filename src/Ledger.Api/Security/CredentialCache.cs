using System.Collections.Concurrent;
using Ledger.Clients;
using Microsoft.AspNetCore.Authentication;

namespace Ledger.Api.Security;

/// <summary>Remembers for <see cref="Lifetime"/> whom a credential stands for, so that a busy client costs one database lookup per five seconds.</summary>
/// <remarks>
/// A revocation on this node takes effect at once, one on another node or by the command line within <see cref="Lifetime"/>. Only
/// known credentials are kept: made-up ones cannot fill it. It holds hashes, no credentials.
/// </remarks>
public sealed class CredentialCache(TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    /// <summary>About 4 MB when full.</summary>
    public const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Key, Entry> _entries = new();
    private int _evictions;

    internal int Count => _entries.Count;

    /// <summary>Counts evictions: take it before the lookup and hand it to <see cref="Add"/>, so that an answer older than a revocation is not kept.</summary>
    internal int Evictions => Volatile.Read(ref _evictions);

    internal Entry? Find(PresentedCredential credential)
    {
        var key = new Key(credential.Kind, credential.Hash);
        if (!_entries.TryGetValue(key, out var entry)) return null;
        if (clock.GetTimestamp() < entry.ExpiresAt) return entry;
        _entries.TryRemove(key, out _);
        return null;
    }

    internal Entry Add(PresentedCredential credential, LedgerClient client, AuthenticateResult result, TimeSpan? expiresIn, int evictionsBefore)
    {
        var lifetime = expiresIn < Lifetime ? expiresIn.Value : Lifetime;
        var entry = new Entry(client, Task.FromResult(result), clock.GetTimestamp() + (long)(lifetime.TotalSeconds * clock.TimestampFrequency));
        if (_entries.Count >= Capacity) MakeRoom();
        var key = new Key(credential.Kind, credential.Hash);
        _entries[key] = entry;
        if (Evictions != evictionsBefore) _entries.TryRemove(key, out _);
        return entry;
    }

    /// <summary>Forgets one token.</summary>
    public void Evict(CredentialHash token)
    {
        Interlocked.Increment(ref _evictions);
        _entries.TryRemove(new Key(CredentialKind.Token, token), out _);
    }

    /// <summary>Forgets every credential of a client.</summary>
    public void Evict(string clientId)
    {
        Interlocked.Increment(ref _evictions);
        foreach (var (key, entry) in _entries)
        {
            if (entry.Client.ClientId == clientId) _entries.TryRemove(key, out _);
        }
    }

    /// <summary>Drops what has expired, or else everything: the next 10,000 requests then look up once each, and no insertion searches twice.</summary>
    private void MakeRoom()
    {
        var now = clock.GetTimestamp();
        foreach (var (key, entry) in _entries)
        {
            if (entry.ExpiresAt <= now) _entries.TryRemove(key, out _);
        }
        if (_entries.Count >= Capacity) _entries.Clear();
    }

    /// <param name="Result">A finished task, shared by all requests of the credential.</param>
    /// <param name="ExpiresAt">Timestamp of the monotonic clock.</param>
    internal sealed record Entry(LedgerClient Client, Task<AuthenticateResult> Result, long ExpiresAt);

    private readonly record struct Key(CredentialKind Kind, CredentialHash Hash);
}
