using Ledger.Api.Commands;
using Ledger.Projections.Gathering;

namespace Ledger.Api.Errors;

/// <summary>The outermost middleware: every refusal and every exception below it leaves in the body of the route's contract.</summary>
/// <remarks>What Kestrel refuses before there is a request (a broken request line, headers over its limits) never gets here and has no body.</remarks>
public sealed partial class FaultMiddleware(RequestDelegate next, ILogger<FaultMiddleware> logger)
{
    /// <summary>nginx's word for "the client hung up": seen by logs and metrics only.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        SetStandingHeaders(context);
        try
        {
            await next(context);
        }
        // A client that hung up makes reads and writes fail in many ways; none of them is a fault of the service.
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted) context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
            return;
        }
        // Routing, the rate limiter and plain status results say a status only. A content type means somebody has already written.
        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null } && response.ContentLength is null or 0)
            await context.WriteFaultAsync(Fault.OfStatus(response.StatusCode));
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var fault = exception switch
        {
            BadHttpRequestException bad => Fault.OfStatus(bad.StatusCode),
            ContentionException => Fault.Contended,
            CrowdedException => Fault.Crowded,
            _ when DatabaseOutage.Explains(exception) => Fault.Unavailable,
            _ => Fault.OfStatus(StatusCodes.Status500InternalServerError),
        };
        if (exception is CrowdedException) LogCrowd(context.Request.Method, context.Request.Path, CorrelationId.Of(context));
        else if (exception is ContentionException) LogContention(exception, context.Request.Method, context.Request.Path, CorrelationId.Of(context));
        else if (fault.Kind is FaultKind.Unavailable) LogOutage(exception, context.Request.Method, context.Request.Path, CorrelationId.Of(context));
        else if (fault.Kind >= FaultKind.Internal) LogUnhandled(exception, context.Request.Method, context.Request.Path, CorrelationId.Of(context));

        if (context.Response.HasStarted)
        {
            // The status has left already: only a broken connection can still tell the client that the body is not whole.
            context.Abort();
            return;
        }
        context.Response.Clear();
        SetStandingHeaders(context);
        await context.WriteFaultAsync(fault);
    }

    /// <summary>On every answer. Bodies repeat what callers sent, so a browser must not take one for a page.</summary>
    private static void SetStandingHeaders(HttpContext context)
    {
        context.Response.Headers[CorrelationId.HeaderName] = CorrelationId.Of(context);
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (correlation id {CorrelationId})")]
    private partial void LogUnhandled(Exception exception, string method, PathString path, string correlationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was one too many of its tenant (correlation id {CorrelationId})")]
    private partial void LogCrowd(string method, PathString path, string correlationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} lost every race (correlation id {CorrelationId})")]
    private partial void LogContention(Exception exception, string method, PathString path, string correlationId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} had no database (correlation id {CorrelationId})")]
    private partial void LogOutage(Exception exception, string method, PathString path, string correlationId);
}
