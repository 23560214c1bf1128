using Ledger.Api.Errors;
using Ledger.Api.Input;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Input;

/// <summary>A real Kestrel that reads a body of at most <see cref="MaxBytes"/> and sends it back; its own limit is far lower.</summary>
public sealed class EchoService : IAsyncLifetime
{
    public const int MaxBytes = 300_000;

    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1000);
        builder.Logging.ClearProviders();
        builder.Services.AddLedgerErrors();
        _app = builder.Build();
        _app.UseLedgerErrors();
        _app.MapPost("/echo", async Task<IResult> (HttpContext context) =>
        {
            using var body = await JsonBody.ReadAsync(context, new JsonLimits { MaxBytes = MaxBytes });
            return body.Fault is { } fault ? new FaultResult(fault) : Results.Json(new { bytes = body.Bytes.Length, root = body.Root.Clone() });
        });
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
    }
}
