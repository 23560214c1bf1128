using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Ledger.Api.Hosting.Draining;

internal static class DrainExtensions
{
    /// <summary>What ends late after the requests: the server itself and the background work.</summary>
    private const int SecondsToEnd = 3;

    public static WebApplicationBuilder AddDrain(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OpenConnections>().AddSingleton<Listeners>().AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        builder.Services.AddOptions<HostOptions>().Configure<LedgerOptions>((host, options) => host.ShutdownTimeout = TimeSpan.FromSeconds(options.StopSeconds + SecondsToEnd));
        builder.Services.AddOptions<SocketTransportOptions>().Configure<Listeners>((transport, listeners) => transport.CreateBoundListenSocket = listeners.Open);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(endpoint.ApplicationServices.GetRequiredService<OpenConnections>().Counted)));
        return builder;
    }

    /// <summary>Goes first: whatever answers, the answer ends its connection once the service is told to stop.</summary>
    public static IApplicationBuilder UseDrain(this IApplicationBuilder app)
    {
        var (drain, connections) = (app.ApplicationServices.GetRequiredService<Drain>(), app.ApplicationServices.GetRequiredService<OpenConnections>());
        return app.Use(async (context, next) =>
        {
            connections.Begin();
            try
            {
                // Later versions of the protocol have no such header; the server tells their clients itself.
                if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.OnStarting(() =>
                {
                    if (drain.HasBegun) context.Response.Headers.Connection = "close";
                    return Task.CompletedTask;
                });
                await next(context);
            }
            finally
            {
                connections.End();
            }
        });
    }
}
