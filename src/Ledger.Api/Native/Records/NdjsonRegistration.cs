using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Ledger.Api.Commands;
using Ledger.Api.Input;
using Ledger.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api.Native.Records;

/// <summary>
/// Registers records line by line as they arrive and answers each batch once it is durable. Three stages work at once: lines are read and checked,
/// two batches at most are registered, answers are written in order. Memory holds four batches, whatever the length of the body.
/// </summary>
internal sealed class NdjsonRegistration(RegisterRecords register) : IResult
{
    private const int BatchRecords = 1_000;
    private const long BatchBytes = 4 << 20;
    private const int BatchesAtOnce = 2;

    private static readonly JsonLimits Limits = new() { MaxBytes = NdjsonLines.MaxLineBytes };
    private static readonly ItemProblem TooLong = new("line_too_long", $"A line may have at most {NdjsonLines.MaxLineBytes} bytes.");

    private sealed record Registering(HashSet<RecordId> Ids, Task<List<RecordResult>> Results);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var command = CommandContext.Of(httpContext, "native");
        var minimal = httpContext.Request.Headers["Prefer"].Any(preference => preference?.Contains("return=minimal", StringComparison.OrdinalIgnoreCase) is true);
        httpContext.Response.ContentType = "application/x-ndjson";

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        var read = Channel.CreateBounded<RecordBatch>(1);
        // The batch whose answers are being written is counted, too.
        var started = Channel.CreateBounded<Registering>(BatchesAtOnce - 1);
        var counts = new RecordCounts();
        async Task Stage(Func<CancellationToken, Task> work, Action<Exception?> end)
        {
            try
            {
                await Task.Run(() => work(stop.Token), CancellationToken.None);
                end(null);
            }
            catch (Exception error)
            {
                end(error);
                await stop.CancelAsync();
                throw;
            }
        }
        // What failed by itself counts, not what was stopped because of it: of several tasks the one that faulted is rethrown, not the cancelled ones.
        await Task.WhenAll(
            Stage(token => ReadAsync(httpContext, read.Writer, token), error => read.Writer.TryComplete(error is null ? null : new OperationCanceledException())),
            Stage(token => StartAsync(command, read.Reader, started.Writer, token), error => started.Writer.TryComplete(error is null ? null : new OperationCanceledException())),
            Stage(token => AnswerAsync(httpContext, started.Reader, counts, minimal, token), _ => { }));
        await WriteAsync(httpContext, new { counts });
    }

    private static async Task ReadAsync(HttpContext context, ChannelWriter<RecordBatch> batches, CancellationToken cancellationToken)
    {
        var (batch, bytes) = (new RecordBatch(), 0L);
        await foreach (var line in NdjsonLines.ReadAsync(context.Request.BodyReader, cancellationToken))
        {
            Add(batch, line);
            bytes += line.Text.Length;
            if (batch.Count < BatchRecords && bytes < BatchBytes) continue;
            await batches.WriteAsync(batch, cancellationToken);
            (batch, bytes) = (new RecordBatch(), 0L);
        }
        if (batch.Count > 0) await batches.WriteAsync(batch, cancellationToken);
    }

    // A record that occurs in two batches is worked on in the order of its lines; numbers are drawn in that order in any case.
    private async Task StartAsync(CommandContext command, ChannelReader<RecordBatch> batches, ChannelWriter<Registering> started, CancellationToken cancellationToken)
    {
        var (before, turn) = ((Registering?)null, (Turn?)null);
        try
        {
            await foreach (var batch in batches.ReadAllAsync(cancellationToken))
            {
                var ids = batch.Ids.ToHashSet();
                if (before is not null && before.Ids.Overlaps(ids)) await before.Results;
                await started.WaitToWriteAsync(cancellationToken);   // not more at once: a batch is started before it finds room in the channel
                turn = new Turn(turn);
                before = new(ids, RegisterAsync(batch, command, turn, cancellationToken));
                await started.WriteAsync(before, cancellationToken);
            }
        }
        finally
        {
            // Nothing of the request may outlive it; whoever waits for the answers is told what went wrong.
            if (before is not null) await ((Task)before.Results).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<RecordResult>> RegisterAsync(RecordBatch batch, CommandContext command, Turn turn, CancellationToken cancellationToken)
    {
        try
        {
            return await batch.RegisterAsync(register, command, cancellationToken, turn);
        }
        finally
        {
            turn.Pass();
        }
    }

    private static async Task AnswerAsync(HttpContext context, ChannelReader<Registering> started, RecordCounts counts, bool minimal, CancellationToken cancellationToken)
    {
        await foreach (var batch in started.ReadAllAsync(cancellationToken))
        {
            foreach (var result in await batch.Results)
            {
                counts.Add(result);
                if (!minimal || result.Problem is not null) await WriteAsync(context, result);
            }
            await context.Response.BodyWriter.FlushAsync(cancellationToken);
        }
    }

    private static void Add(RecordBatch batch, NdjsonLine line)
    {
        if (line.IsTooLong)
        {
            batch.Reject(null, TooLong, line.Number);
            return;
        }
        using var document = StrictJson.Parse(line.Text, Limits, out var fault);
        if (document is null) batch.Reject(null, new("malformed_json", $"The line is not acceptable JSON: {fault!.Message}", [fault]), line.Number);
        else batch.Add(document.RootElement, "", line.Number);
    }

    private static async ValueTask WriteAsync<T>(HttpContext context, T line)
    {
        var writer = context.Response.BodyWriter;
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(line, NativeJson.Options));
        writer.Write("\n"u8);
        if (writer.UnflushedBytes > 64 * 1024) await writer.FlushAsync(context.RequestAborted);
    }
}
