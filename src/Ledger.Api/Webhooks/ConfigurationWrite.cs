using Ledger.Api.Commands;
using Ledger.Api.Hosting;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Webhooks;

/// <summary>Writes of a tenant's configuration: at once in one transaction, or together with the answer when the request carries an idempotency key.</summary>
internal static class ConfigurationWrite
{
    public static async Task WriteAsync(this HttpContext context, RequestData requests, string tenantId, IReadOnlyList<NpgsqlBatchCommand> statements, CancellationToken cancellationToken)
    {
        if (context.Features.Get<DeferredWrite>() is { } deferred)
        {
            deferred.Take(statements);
            return;
        }
        await using var batch = requests.DataSource.CreateBatch(tenantId);
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
