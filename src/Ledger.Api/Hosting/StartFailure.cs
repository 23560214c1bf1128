using Ledger.EventStore.Migrations;
using Npgsql;

namespace Ledger.Api.Hosting;

/// <summary>A setting is missing or malformed; the message says which one and what it may be.</summary>
public sealed class SettingException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Failures of the start that an operator can mend: they end in one line, not in a stack trace.</summary>
internal static class StartFailure
{
    public static string? Explain(Exception error) => error switch
    {
        SettingException or SchemaMismatchException => error.Message,
        PostgresException refused => $"PostgreSQL refuses: {refused.MessageText}",
        NpgsqlException or TimeoutException => $"PostgreSQL cannot be reached: {(error.InnerException ?? error).Message}",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };
}
