using Npgsql;

namespace Ledger.Api.Errors;

/// <summary>Tells "PostgreSQL is away or overloaded, the same request may succeed later" (503) from a fault of ours (500).</summary>
public static class DatabaseOutage
{
    private const string Driver = "Npgsql";

    public static bool Explains(Exception exception) => exception switch
    {
        // Cancelled by a timeout; a read-only server, as after a failover to a standby.
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        // Npgsql's own list: connection failures, shutdown, too many connections, out of memory or disk, broken sockets, timeouts.
        NpgsqlException { IsTransient: true } => true,
        TimeoutException => true,
        { InnerException: { } inner } when Explains(inner) => true,
        PostgresException => false,
        _ => HasLostTrack(exception),
    };

    // The driver about a connection, not about the request: it broke between two statements ("Connection is not open"), or answers what was not
    // asked, after a statement that failed before it was described (npgsql/npgsql#6391). The connection is thrown away; the next one is another.
    private static bool HasLostTrack(Exception exception) =>
        exception.Source == Driver && (exception is InvalidOperationException or NpgsqlException || exception.GetType() == typeof(Exception));
}
