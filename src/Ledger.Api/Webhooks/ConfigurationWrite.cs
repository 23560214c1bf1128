using Ledger.Api.Commands;
using Npgsql;

namespace Ledger.Api.Webhooks;

/// <summary>Writes of configuration: at once in one transaction, or together with the answer when the request carries an idempotency key.</summary>
internal static class ConfigurationWrite
{
    public static async Task WriteAsync(this HttpContext context, NpgsqlDataSource dataSource, IReadOnlyList<NpgsqlBatchCommand> statements, CancellationToken cancellationToken)
    {
        if (context.Features.Get<DeferredWrite>() is { } deferred)
        {
            deferred.Take(statements);
            return;
        }
        await using var batch = dataSource.CreateBatch();
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
