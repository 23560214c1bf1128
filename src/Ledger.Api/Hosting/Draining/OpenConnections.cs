using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Ledger.Api.Hosting.Draining;

/// <summary>What is open towards clients: connections, and requests somebody waits for.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _connections = new(ReferenceEqualityComparer.Instance);
    private int _requests;

    public int Count => _connections.Count;

    public int Requests => Volatile.Read(ref _requests);

    public ConnectionDelegate Counted(ConnectionDelegate next) => async connection =>
    {
        _connections.TryAdd(connection, true);
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    };

    public void Begin() => Interlocked.Increment(ref _requests);

    public void End() => Interlocked.Decrement(ref _requests);

    /// <summary>Breaks off everything that is still open.</summary>
    public void Abort()
    {
        foreach (var connection in _connections.Keys) connection.Abort(new ConnectionAbortedException("The service has to end."));
    }
}
