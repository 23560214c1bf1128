using Ledger.Api.Security;
using Ledger.EventStore;

namespace Ledger.Api.Commands;

/// <summary>On whose behalf a command runs. The tenant comes from the credential, never from a body.</summary>
/// <param name="Deferred">Where the write waits for its answer when the request carries an idempotency key; else null.</param>
/// <param name="Dialect">Which API the request came through: <c>accounting_records</c>, <c>accounting_entries</c>, <c>export_jobs</c>, <c>accounting_exports</c>, <c>native</c>, or <c>service</c> for the ledger's own sweeps.</param>
public sealed record CommandContext(string TenantId, string Actor, string Dialect, string CorrelationId, string? CausationId = null, DeferredWrite? Deferred = null)
{
    public EventMetadata Metadata => new(CorrelationId, CausationId, Actor, Dialect);

    /// <summary>The context of a request; its endpoint requires a credential.</summary>
    public static CommandContext Of(HttpContext context, string dialect)
    {
        var client = LedgerClient.Of(context) ?? throw new InvalidOperationException("A command needs a client: the endpoint lets anonymous calls in.");
        return new(client.TenantId, client.ClientId, dialect, Errors.CorrelationId.Of(context), Deferred: context.Features.Get<DeferredWrite>());
    }

    /// <summary>Does what must see the write: at once, or, when the write waits for its answer, once it is durable.</summary>
    public Task AfterCommitAsync(Func<CommandContext, Task> work)
    {
        if (Deferred is not { } deferred) return work(this);
        deferred.Then(() => work(this with { Deferred = null }));
        return Task.CompletedTask;
    }
}
