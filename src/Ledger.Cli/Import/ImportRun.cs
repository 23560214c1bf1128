using System.Text.Json;
using Ledger.Cli.Service;

namespace Ledger.Cli.Import;

/// <summary>
/// Sends a file of records to the service. First reads all of it, so that a damaged file registers nothing; then sends it in
/// batches, each repeated until it went through. Interrupted, it is simply started again: records are upserted by id.
/// </summary>
internal sealed class ImportRun(IRecordSource source, LedgerService service, ServiceAddress address, IImportProgress progress)
{
    /// <param name="checkOnly">Read the file and stop.</param>
    public async Task<RegistrationCounts> RunAsync(bool checkOnly, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var _ in source.Records())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Read(++total);
        }

        var counts = new RegistrationCounts();
        if (!checkOnly) await SendAsync(counts, total, cancellationToken);
        return counts;
    }

    private async Task SendAsync(RegistrationCounts counts, long total, CancellationToken cancellationToken)
    {
        foreach (var batch in RecordBatches.Of(source.Records()))
        {
            try
            {
                var answer = await service.PostAsync("ledger/v1/records", batch.Body, "application/x-ndjson", cancellationToken);
                Count(answer, batch.Count, counts);
            }
            catch (OperationCanceledException stopped)
            {
                throw new CommandFailure(ExitCode.Interrupted, $"Interrupted after {counts.Total} of {total} records. Start again to send the rest.", stopped);
            }

            progress.Sent(counts.Total, total);
        }
    }

    /// <summary>The service answers with one JSON document, or with NDJSON (a result per line) as it was asked.</summary>
    private void Count(ServiceAnswer answer, int sent, RegistrationCounts counts)
    {
        var before = counts.Total;
        if (answer.MediaType == "application/x-ndjson")
        {
            try
            {
                foreach (var line in JsonLines.Of(answer.Body)) counts.Add(line);
            }
            catch (JsonException)
            {
                throw ServiceAnswer.NotALedger(address);
            }
        }
        else if (answer.Json(address).TryGetProperty("results", out var results) && results.ValueKind == JsonValueKind.Array)
        {
            foreach (var result in results.EnumerateArray()) counts.Add(result);
        }

        if (counts.Total - before != sent)
            throw new CommandFailure(ExitCode.Refused, $"The service answered for {counts.Total - before} of {sent} records.");
    }
}
