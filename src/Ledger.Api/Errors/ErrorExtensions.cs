namespace Ledger.Api.Errors;

public static class ErrorExtensions
{
    public static IServiceCollection AddLedgerErrors(this IServiceCollection services) => services.AddSingleton<ErrorShapes>();

    /// <summary>Goes first in the pipeline, before authentication.</summary>
    public static IApplicationBuilder UseLedgerErrors(this IApplicationBuilder app) => app.UseMiddleware<FaultMiddleware>();

    /// <summary>Faults of these endpoints, and of unmatched paths under the shape's prefixes, are written by <paramref name="shape"/>.</summary>
    public static TBuilder WithErrorShape<TBuilder>(this TBuilder builder, ErrorShape shape)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(shape));
        return builder;
    }

    /// <summary>Answers in the shape of the request's route. The response must not have started.</summary>
    public static Task WriteFaultAsync(this HttpContext context, Fault fault)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RequestServices.GetRequiredService<ErrorShapes>().Of(context).WriteAsync(context, fault);
    }
}
