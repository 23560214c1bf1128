using System.Text;
using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Idempotency;
using Ledger.Api.Security;
using Ledger.Clients;
using Ledger.Simulation.Tests.Clients;
using Ledger.Simulation.Tests.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Simulation.Tests.Service;

/// <summary>One process of the service: the idempotency middleware and the commands behind it. Killing it cuts its link; nothing it awaits ever comes.</summary>
internal sealed class Node
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddSingleton(new ErrorShapes(new DefaultEndpointDataSource())).BuildServiceProvider();
    private static readonly RouteEndpoint Route = new(_ => Task.CompletedTask, RoutePatternFactory.Parse("/simulated"), 0, null, null);
    private static readonly object Asked = new();

    private readonly Operations _operations;
    private readonly IdempotencyMiddleware _middleware;

    public Node(World world, SimulatedDatabase database)
    {
        Link = new(world, database);
        var (store, race) = (new SimulatedStore(Link), new SimulatedRace(Link));
        _operations = new(Link, store, race);
        _middleware = new(AnswerAsync, new SimulatedKeys(Link), store, race);
    }

    public Link Link { get; }

    /// <param name="delivery">Of the request, from 0; part of the correlation id, so that each event tells which delivery it came from.</param>
    public async Task<Answer> HandleAsync(Sent sent, int delivery)
    {
        var planned = sent.Planned;
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = Services };
        context.Request.Method = "POST";
        context.Request.Path = "/simulated";
        context.Request.Headers[CorrelationId.HeaderName] = $"{planned.Number}.{delivery}";
        if (planned.Key) context.Request.Headers[IdempotencyMiddleware.HeaderName] = $"key-{planned.Number}";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($"{sent}"));
        context.Response.Body = body;
        context.Features.Set(new LedgerClient(new ClientIdentity($"client-{planned.Client}", planned.TenantId, planned.TenantId, "erp", LedgerScopes.All, null)));
        context.SetEndpoint(Route);
        context.Items[Asked] = sent;
        try
        {
            await _middleware.InvokeAsync(context);
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or ContentionException)
        {
            return new(StatusCodes.Status503ServiceUnavailable, false, null);
        }
        catch (Exception error) when (!Link.IsCut)
        {
            return new(StatusCodes.Status500InternalServerError, false, $"{error}");
        }
        var replayed = context.Response.Headers.ContainsKey(IdempotencyMiddleware.ReplayedHeaderName);
        return new(context.Response.StatusCode, replayed, context.Response.StatusCode == StatusCodes.Status200OK ? Encoding.UTF8.GetString(body.ToArray()) : null);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var reply = await _operations.RunAsync((Sent)context.Items[Asked]!, CommandContext.Of(context, "native"));
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(reply));
    }
}

/// <param name="Body">The reply when the status is 200; the exception when it is 500.</param>
internal sealed record Answer(int Status, bool Replayed, string? Body);
