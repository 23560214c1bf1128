using System.Text;
using Ledger.Api.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.OpenApi;

/// <summary>Lets the error shape of a route write its own examples, so that a document shows what callers will get.</summary>
internal sealed class ErrorExamples(IServiceProvider services)
{
    private const string SampleCorrelationId = "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a00";

    /// <returns>The status the shape makes of it, its media type and its body.</returns>
    public (int Status, string MediaType, string Body) Of(IList<object> metadata, string path, int status)
    {
        var shape = metadata.OfType<ErrorShape>().LastOrDefault() ?? NativeProblems.Shape;
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Request.Path = path;
        context.Request.Headers[CorrelationId.HeaderName] = SampleCorrelationId;
        // Into memory: the write is over when the call returns.
        shape.WriteAsync(context, Fault.OfStatus(status)).GetAwaiter().GetResult();
        return (context.Response.StatusCode, context.Response.ContentType!.Split(';')[0], Encoding.UTF8.GetString(body.ToArray()));
    }
}
