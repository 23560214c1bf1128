using Npgsql;

namespace Ledger.Api.Errors;

/// <summary>Tells "PostgreSQL is away or overloaded, the same request may succeed later" (503) from a fault of ours (500).</summary>
public static class DatabaseOutage
{
    public static bool Explains(Exception exception) => exception switch
    {
        // Cancelled by a timeout; a read-only server, as after a failover to a standby.
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        // Npgsql's own list: connection failures, shutdown, too many connections, out of memory or disk, broken sockets, timeouts.
        NpgsqlException { IsTransient: true } => true,
        TimeoutException => true,
        { InnerException: { } inner } => Explains(inner),
        _ => false,
    };
}
