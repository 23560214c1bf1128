using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Webhooks;

/// <summary>A delivery as it arrived.</summary>
internal sealed record Received(string Id, long Timestamp, string Signature, string Body, string? UserAgent)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public IReadOnlyList<string?> RecordIds => [.. Json.GetProperty("accountingRecordIds").EnumerateArray().Select(id => id.GetString())];
}

/// <summary>A partner's endpoint: a real server on a port of its own.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Answers each delivery; 200 unless a test says otherwise.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, context) => Task.FromResult(context.Response.StatusCode = StatusCodes.Status200OK);

    public IReadOnlyList<Received> All => [.. _received];

    public string Url { get; private set; } = "";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hooks";
        return receiver;
    }

    /// <summary>Waits until so many have arrived, and gives all that have.</summary>
    public async Task<IReadOnlyList<Received>> TakeAsync(int count)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (_received.Count < count)
        {
            if (DateTime.UtcNow > deadline) throw new TimeoutException($"{_received.Count} of {count} deliveries have arrived.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        return All;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var headers = context.Request.Headers;
        var received = new Received(headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture), headers["webhook-signature"].ToString(),
            await reader.ReadToEndAsync(context.RequestAborted), headers.UserAgent);
        _received.Enqueue(received);
        await Answer(received, context);
    }
}
