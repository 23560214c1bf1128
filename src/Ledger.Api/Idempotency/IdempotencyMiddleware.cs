using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Security;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c> on every writing route. The endpoint runs as ever, but its write waits; once the answer is rendered,
/// events, read models, key and answer are committed in one transaction. So a key has exactly one effect, and every retry
/// gets the first answer (<c>Idempotent-Replayed: true</c>), also from another node and after a crash.
/// </summary>
/// <remarks>Nothing is kept for a request that wrote nothing: it may be corrected and sent again under the same key.</remarks>
public sealed class IdempotencyMiddleware(RequestDelegate next, IdempotencyKeys keys, EventStore.EventStore store, LostRace race)
{
    public const string HeaderName = "Idempotency-Key";
    public const string ReplayedHeaderName = "Idempotent-Replayed";
    public const int MaxKeyLength = 255;

    /// <summary>What an answer is replayed with, besides status and body.</summary>
    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "ETag", "X-Ledger-As-Of"];

    private readonly ConcurrentDictionary<KeyName, bool> _running = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Headers.TryGetValue(HeaderName, out var header) || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || context.GetEndpoint() is not RouteEndpoint endpoint || LedgerClient.Of(context) is not { } client)
        {
            await next(context);
            return;
        }
        if (ReadKey(header) is not { } key)
        {
            await context.WriteFaultAsync(Fault.BadRequest("invalid_idempotency_key", $"{HeaderName} must be given once, with 1 to {MaxKeyLength} visible ASCII characters."));
            return;
        }
        if (request.ContentType?.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase) == true)
        {
            await context.WriteFaultAsync(Fault.BadRequest("idempotency_key_on_stream", $"A stream of records takes no {HeaderName}: it is committed part by part, and each record is an upsert by its id."));
            return;
        }
        var name = new KeyName(client.TenantId, client.ClientId, $"{request.Method} {endpoint.RoutePattern.RawText}", key);
        if (!_running.TryAdd(name, true))
        {
            await context.WriteFaultAsync(Fault.Conflict("idempotency_key_in_use", "A request with this idempotency key is still being worked on.") with { RetryAfter = TimeSpan.FromSeconds(1) });
            return;
        }
        try
        {
            await RunAsync(context, name);
        }
        finally
        {
            _running.TryRemove(name, out _);
        }
    }

    private async Task RunAsync(HttpContext context, KeyName name)
    {
        var body = await ReadBodyAsync(context);
        if (body is null)
        {
            await context.WriteFaultAsync(Fault.OfStatus(StatusCodes.Status413PayloadTooLarge));
            return;
        }
        var fingerprint = RequestFingerprint.Of(context.Request, body);
        var outward = context.Response.Body;
        for (var attempt = 1; attempt <= CommandRunner.MaxAttempts; attempt++)
        {
            if (await keys.FindAsync(name, context.RequestAborted) is { } kept)
            {
                await ReplayAsync(context, kept, fingerprint);
                return;
            }
            using var deferred = new DeferredWrite(await store.NowAsync(context.RequestAborted));
            context.Features.Set(deferred);
            context.Request.Body = new MemoryStream(body, writable: false);
            using var answer = new MemoryStream();
            context.Response.Body = answer;
            try
            {
                await next(context);
            }
            finally
            {
                context.Response.Body = outward;
            }
            var isCommitted = await CommitAsync(context, name, fingerprint, deferred, answer);
            deferred.Dispose();   // neither what follows nor a slow reader of the answer needs the room
            if (isCommitted)
            {
                await deferred.FollowAsync();
                answer.Position = 0;
                await answer.CopyToAsync(outward, context.RequestAborted);
                return;
            }
            // Lost a race: everything is decided and rendered again.
            context.Response.Clear();
            await race.PauseAsync(attempt, context.RequestAborted);
        }
        throw new ContentionException();
    }

    private async Task<bool> CommitAsync(HttpContext context, KeyName name, byte[] fingerprint, DeferredWrite deferred, MemoryStream answer)
    {
        if (deferred.Taken is null && deferred.Statements is null) return true;
        var headers = KeptHeaders.Where(header => context.Response.Headers.ContainsKey(header)).ToDictionary(header => header, header => context.Response.Headers[header].ToString());
        var kept = new KeptAnswer(fingerprint, context.Response.StatusCode, headers, answer.ToArray());
        try
        {
            if (deferred.Taken is not var (write, metadata)) return await CommitAsync(name.TenantId, [.. deferred.Statements!, IdempotencyKeys.KeepCommand(name, kept)], context.RequestAborted);
            return await write.CommitAsync(store, metadata, batch => batch.BatchCommands.Add(IdempotencyKeys.KeepCommand(name, kept)), deferred.RecordedAt, context.RequestAborted) is AppendResult.Appended;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;   // the key was used on another node, or a read model's unique index had the last word
        }
    }

    private async Task<bool> CommitAsync(string tenantId, IReadOnlyList<NpgsqlBatchCommand> statements, CancellationToken cancellationToken)
    {
        await using var batch = store.Requests.CreateBatch(tenantId);
        foreach (var statement in statements) batch.BatchCommands.Add(statement);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private static async Task ReplayAsync(HttpContext context, KeptAnswer kept, byte[] fingerprint)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.Fingerprint, fingerprint))
        {
            await context.WriteFaultAsync(Fault.Unprocessable("idempotency_key_reused", "This idempotency key was used for another request."));
            return;
        }
        if (kept.Body is null)
        {
            await context.WriteFaultAsync(Fault.Conflict("idempotency_answer_expired", "The request with this idempotency key was carried out; its answer is no longer kept."));
            return;
        }
        context.Response.StatusCode = kept.Status;
        foreach (var (header, value) in kept.Headers) context.Response.Headers[header] = value;
        context.Response.Headers[ReplayedHeaderName] = "true";
        await context.Response.Body.WriteAsync(kept.Body, context.RequestAborted);
    }

    // The IETF draft writes the key as a structured string ("…"); most clients send it bare. Both name the same key.
    private static string? ReadKey(Microsoft.Extensions.Primitives.StringValues header)
    {
        if (header is not [{ } text]) return null;
        text = text.Trim();
        if (text is ['"', .. var quoted, '"']) text = quoted;
        return text.Length is >= 1 and <= MaxKeyLength && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 ? text : null;
    }

    /// <returns>Null when it is larger than any route takes.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        var limit = Input.JsonLimits.NativeRecords.MaxBytes;
        if (context.Request.ContentLength > limit) return null;
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit) serverLimit.MaxRequestBodySize = limit + 1;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.Length > limit ? null : body.ToArray();
    }
}
