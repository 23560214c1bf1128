using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Api.Tests.Errors;

/// <summary>A real Kestrel with the error middleware and endpoints that fail in every way; no database needed.</summary>
public sealed class FaultyService : IAsyncLifetime
{
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();
    public LogRecorder Log { get; } = new();
    public Uri Address => Client.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.Configure<LoggerFilterOptions>(filter => filter.Rules.Clear());   // whatever appsettings.json keeps quiet
        builder.Services.AddLedgerErrors();
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Request.Path == "/ledger/v1/hang") Ended.TrySetResult(context.Response.StatusCode);
        });
        _app.UseLedgerErrors();

        var acme = _app.MapGroup("/acme/v2").WithErrorShape(AcmeErrors.Shape);
        acme.MapGet("/things/{id}", (string id) => new FaultResult(Fault.NotFound("thing_not_found", $"No thing {id}.")));
        acme.MapGet("/crash", IResult () => throw new InvalidOperationException("the table secret_things is broken"));
        _app.MapGet("/elsewhere/crash", IResult () => throw new InvalidOperationException("not to be shown")).WithErrorShape(AcmeErrors.Shape);

        var native = _app.MapGroup("/ledger/v1").WithErrorShape(NativeProblems.Shape);
        native.MapGet("/refused", () => new FaultResult(Fault.Invalid([new("/records/3/amount", "Missing."), new("", "Too short.")])));
        native.MapGet("/busy", () => new FaultResult(Fault.Conflict("in_progress", "Another job is running.") with
        {
            Members = new Dictionary<string, object?> { ["job_id"] = "j1", ["ids"] = new[] { "a", "b" } },
            RetryAfter = TimeSpan.FromSeconds(1.2),
        }));
        native.MapGet("/status/{status:int}", (int status) => Results.StatusCode(status));
        native.MapGet("/own", () => Results.Text("my own words", "text/plain", statusCode: 404));
        native.MapGet("/away", IResult () => throw new NpgsqlException("cannot connect to 10.0.0.1", new IOException()));
        native.MapGet("/contended", IResult () => throw new ContentionException());
        native.MapGet("/slow", IResult () => throw new TimeoutException());
        native.MapGet("/half", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("first half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("the second half failed");
        });
        native.MapGet("/hang", async (CancellationToken cancelled) => { Hanging.SetResult(); await Task.Delay(Timeout.Infinite, cancelled); });
        native.MapPost("/numbers", (Number number) => Results.Ok(number));
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    /// <summary>Done when <c>/ledger/v1/hang</c> is waiting for its client.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The status <c>/ledger/v1/hang</c> ended with.</summary>
    public TaskCompletionSource<int> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        Log.Dispose();
    }

    internal sealed record Number(int Value);

    private sealed class AcmeErrors() : ErrorShape("/acme/")
    {
        public static readonly AcmeErrors Shape = new();

        protected override int StatusOf(Fault fault) => fault.Kind is FaultKind.BadRequest ? 422 : base.StatusOf(fault);

        protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
        {
            json.WriteStartObject();
            json.WriteString("acme_code", fault.Code);
            json.WriteNumber("acme_status", status);
            json.WriteEndObject();
        }
    }
}
