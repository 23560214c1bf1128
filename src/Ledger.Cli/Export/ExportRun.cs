using System.Globalization;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;
using Ledger.Cli.Verify;
using Ledger.Proof.Bundles;

namespace Ledger.Cli.Export;

/// <summary>
/// Fetches the three files of a bundle. A started manifest, written first and under a name of its own, holds every request to one
/// checkpoint; what is there of the events is kept. Only a whole bundle has a <c>manifest.json</c>.
/// </summary>
internal sealed class ExportRun(ExportRequest request, string directory, LedgerService service, Patience patience, Action<long, long> progress, Action<string> say)
{
    private const string StartedName = "manifest.started.json";

    private readonly BundleDirectory _files = new(directory);

    public async Task<BundleManifest> RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(_files.Path(BundleManifest.FileName))) throw CommandFailure.Usage($"'{directory}' already holds a bundle.");
        Directory.CreateDirectory(directory);
        var manifest = await StartAsync(cancellationToken);
        var events = await FetchEventsAsync(manifest, cancellationToken);
        await FetchProofAsync(manifest, cancellationToken);
        // No position stands in a subtree's line under that name: it is only hashed.
        var proof = Scan(BundleManifest.ProofName, isCsv: false);
        manifest = manifest with { Events = events.Events, Files = [new(request.EventsName, events.Bytes, events.Sha256), new(BundleManifest.ProofName, proof.Bytes, proof.Sha256)] };
        await File.WriteAllBytesAsync(_files.Path(StartedName), manifest.ToBytes(), cancellationToken);
        File.Move(_files.Path(StartedName), _files.Path(BundleManifest.FileName));
        return manifest;
    }

    private async Task<BundleManifest> StartAsync(CancellationToken cancellationToken)
    {
        var started = _files.Path(StartedName);
        try
        {
            if (File.Exists(started))
            {
                var manifest = BundleManifest.Parse(await File.ReadAllBytesAsync(started, cancellationToken));
                if (!request.IsOf(manifest)) throw CommandFailure.Usage($"'{directory}' holds the beginning of another export. Choose another directory, or delete it.");
                say($"Going on with the export to {Printable.Line(directory)}.");
                return manifest;
            }
            var answer = await service.GetAsync($"ledger/v1/export/manifest?files=false&{request.Query(null)}", cancellationToken);
            var fresh = BundleManifest.Parse(answer.Body);
            File.Delete(_files.Path(BundleManifest.NdjsonName));
            File.Delete(_files.Path(BundleManifest.CsvName));
            await File.WriteAllBytesAsync(started, answer.Body, cancellationToken);
            return fresh;
        }
        catch (FormatException fault)
        {
            throw CommandFailure.BadInput($"The manifest cannot be read: {fault.Message}", fault);
        }
    }

    private async Task<EventFile> FetchEventsAsync(BundleManifest manifest, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var there = Scan(request.EventsName, request.IsCsv);
            // A position of the started file only counts when its line is whole.
            await using var file = new FileStream(_files.Path(request.EventsName), FileMode.OpenOrCreate, FileAccess.Write);
            file.SetLength(there.WholeBytes);
            file.Seek(0, SeekOrigin.End);
            try
            {
                var after = there.LastPosition.ToString(CultureInfo.InvariantCulture);
                // Nothing of a CSV file but its column names: start again, so that they are not there twice.
                if (there.LastPosition == 0) file.SetLength(0);
                await using var source = await service.OpenAsync($"ledger/v1/export?{request.Query(manifest.Size)}&after={after}", cancellationToken);
                await CopyAsync(source, file, manifest, cancellationToken);
                break;
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException { InnerException: not null } or HttpIOException)
            {
                if (tries == 8) throw new CommandFailure(ExitCode.Unreachable, "The connection broke again and again. Start the same command again to go on.", lost);
                var wait = patience.Before(tries, null);
                say($"The connection broke. Going on in {wait.TotalSeconds:0.#} s.");
                await Task.Delay(wait, cancellationToken);
            }
        }
        return Scan(request.EventsName, request.IsCsv);
    }

    private async Task CopyAsync(Stream source, FileStream file, BundleManifest manifest, CancellationToken cancellationToken)
    {
        var piece = new byte[1 << 16];
        var last = 0L;
        for (var read = await source.ReadAsync(piece, cancellationToken); read > 0; read = await source.ReadAsync(piece, cancellationToken))
        {
            await file.WriteAsync(piece.AsMemory(0, read), cancellationToken);
            last = StatedPosition(piece.AsSpan(0, read)) ?? last;
            progress(Math.Max(last - manifest.Selection.FirstPosition + 1, 0), manifest.Selection.LastPosition - manifest.Selection.FirstPosition + 1);
        }
        await file.FlushAsync(cancellationToken);
    }

    private async Task FetchProofAsync(BundleManifest manifest, CancellationToken cancellationToken)
    {
        await using var source = await service.OpenAsync($"ledger/v1/export/proof?{request.Query(manifest.Size)}", cancellationToken);
        await using var file = File.Create(_files.Path(BundleManifest.ProofName));
        await source.CopyToAsync(file, cancellationToken);
    }

    private EventFile Scan(string name, bool isCsv) => _files.Open(name) is { } stream ? EventFile.Scan(stream, isCsv) : new(0, 0, 0, 0, default);

    // Only for the bar: a position somewhere in the last piece.
    private static long? StatedPosition(ReadOnlySpan<byte> piece)
    {
        var at = piece.LastIndexOf("\"position\":"u8);
        return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(piece[(at + 11)..], out long position, out _) ? position : null;
    }
}
