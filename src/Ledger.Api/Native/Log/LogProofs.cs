using System.Text;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore.Log;

namespace Ledger.Api.Native.Log;

/// <summary>Proofs of RFC 6962: that an event is in the log, and that an earlier state of the log is the beginning of a later one.</summary>
internal static class LogProofs
{
    private const string Inclusion = """
        {"origin":"export-ledger/00000000-0000-4000-8000-000000000001","position":3,"event_id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","size":4,"root":"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
         "leaf_hash":"d070dc5b8da9aea7dc0f5ad4c29d89965200059c9a0ceca3abd5da2492dcb71d","leaf":"{\"body_hash\":\"…\",\"position\":3}","body_hash":"90a9dda2c0cb6a9c9ec7bd4df1ed0d34bd3a5ae31bf0ec0c5c4b6a3c2e5bfa8e",
         "salt":"4be1f7b9c0a14a5d8d3e2f1a0b9c8d7e","proof":["bdf4c9ad5a5ef5d4b2b0d2a5a3c1a7f0e9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4"],"checkpoint":null}
        """;

    private const string Consistency = """
        {"origin":"export-ledger/00000000-0000-4000-8000-000000000001","from":3,"to":4,"from_root":"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
         "to_root":"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328","proof":["d070dc5b8da9aea7dc0f5ad4c29d89965200059c9a0ceca3abd5da2492dcb71d"]}
        """;

    private sealed record InclusionBody(
        string Origin, long Position, Guid EventId, long Size, string Root, string LeafHash, string Leaf, string BodyHash, string? Salt, IEnumerable<string> Proof, string? Checkpoint);

    private sealed record ConsistencyBody(string Origin, long From, long To, string FromRoot, string ToRoot, IEnumerable<string> Proof);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/log/inclusion", InclusionAsync).RequireScope("audit:read")
            .WithSummary("Prove that an event is in the log")
            .WithDescription("""
                `leaf` is the text that was hashed: SHA-256 of a zero byte and the text is `leaf_hash`, from which `proof` leads to `root`, as in RFC 6962 (leaf index = position − 1). `checkpoint` is the note signed for
                exactly this size, null if there is none. `body_hash` is SHA-256 of `salt` and the canonical event body; a null salt means that the body was erased.
                """)
            .WithQueryParameter("position", "The event's position. This or `event_id`.", "3").WithQueryParameter("event_id", "The event's UUID.", "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b")
            .WithQueryParameter("size", "Events in the tree to prove it for; the latest checkpoint's unless given.", "4")
            .WithResponseExample(200, "The proof.", Inclusion).WithErrors(400, 404);
        routes.MapGet("/log/consistency", ConsistencyAsync).RequireScope("audit:read")
            .WithSummary("Prove that nothing was rewritten")
            .WithDescription("That the log of `to` events begins with exactly the log of `from` events (RFC 6962). Whoever kept the checkpoint of the smaller size compares its root with `from_root`.")
            .WithQueryParameter("from", "The smaller size, at least 1.", "3", required: true).WithQueryParameter("to", "The larger size; the latest checkpoint's unless given.", "4")
            .WithResponseExample(200, "The proof.", Consistency).WithErrors(400);
    }

    private static async Task<IResult> InclusionAsync(HttpContext context, LedgerClient client, LogReader log, EventStore.EventStore store, LogSettings settings, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var (position, eventId) = (query.Int64("position", 1, long.MaxValue), query.Uuid("event_id"));
        if (query.Fault is null && position is null == eventId is null) query.Refuse(position is null ? "position" : "event_id", "Give either position or event_id.");
        var leaves = await log.SizeAsync(client.TenantId, cancellationToken);
        var size = query.Int64("size", 1, long.MaxValue) ?? leaves;
        if (size > leaves) query.Refuse("size", $"The log has {leaves} events.");
        if (query.Fault is { } fault) return new FaultResult(fault);
        if (eventId is { } id) position = await log.PositionOfAsync(client.TenantId, id, cancellationToken);
        if (position is not { } wanted) return new FaultResult(LogFaults.UnknownEvent);
        if (wanted > leaves && wanted <= await store.HeadAsync(client.TenantId, cancellationToken)) return new FaultResult(LogFaults.NotLoggedYet);
        if (wanted > leaves) query.Refuse("position", $"The history has {leaves} events.");
        else if (wanted > size) query.Refuse("size", $"Must be at least the event's position, {wanted}.");
        if (query.Fault is { } late) return new FaultResult(late);

        if (await log.EventsAsync(client.TenantId, wanted, wanted, cancellationToken) is not [var logged]) return new FaultResult(LogFaults.Damaged($"The event at position {wanted} is gone."));
        var (root, proof) = await log.InclusionAsync(client.TenantId, wanted, size, cancellationToken);
        return NativeJson.Ok(new InclusionBody(
            settings.OriginOf(client.TenantId), wanted, logged.Envelope.EventId, size, root.ToString(), logged.Leaf.Hash.ToString(), Encoding.UTF8.GetString(logged.Envelope.ToBytes()), logged.Leaf.BodyHash.ToString(),
            logged.Leaf.Salt is { } salt ? Convert.ToHexStringLower(salt) : null, proof.Select(hash => hash.ToString()), (await log.AtAsync(client.TenantId, size, cancellationToken))?.Note));
    }

    private static async Task<IResult> ConsistencyAsync(HttpContext context, LedgerClient client, LogReader log, LogSettings settings, CancellationToken cancellationToken)
    {
        var query = new NativeQuery(context);
        var leaves = await log.SizeAsync(client.TenantId, cancellationToken);
        var (from, to) = (query.Int64("from", 1, long.MaxValue), query.Int64("to", 1, long.MaxValue) ?? leaves);
        if (query.Fault is null && from is null) query.Refuse("from", "Is needed: the size of the checkpoint you kept.");
        if (to > leaves) query.Refuse("to", $"The log has {leaves} events.");
        else if (from > to) query.Refuse("from", $"Must not be larger than {(context.Request.Query.ContainsKey("to") ? "to" : "the log")}, {to}.");
        if (query.Fault is { } fault) return new FaultResult(fault);
        var (fromRoot, toRoot, proof) = await log.ConsistencyAsync(client.TenantId, from!.Value, to, cancellationToken);
        return NativeJson.Ok(new ConsistencyBody(settings.OriginOf(client.TenantId), from.Value, to, fromRoot.ToString(), toRoot.ToString(), proof.Select(hash => hash.ToString())));
    }
}
