using System.Security.Cryptography;
using Ledger.Api.Errors;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.EventStore;
using Ledger.EventStore.Log;
using Ledger.Proof.Bundles;
using Ledger.Proof.Notes;
using Ledger.Proof.Tree;

namespace Ledger.Api.Native.Export;

/// <summary>The third file of a bundle: what the other two show, their hashes, and the signed checkpoint.</summary>
internal static class ExportManifest
{
    /// <summary>Earlier checkpoints handed out: they tell in which part of the history a forgery lies.</summary>
    private const int EarlierCheckpoints = 64;

    private const string Example = """
        {"format":"export-ledger-bundle/1","origin":"export-ledger/00000000-0000-4000-8000-000000000001","tenant_id":"00000000-0000-4000-8000-000000000001","keys":["export-ledger+b9dd1c4a+Ajt…"],
         "checkpoint":"export-ledger/00000000-0000-4000-8000-000000000001\n4711\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— export-ledger 1mYYpDBF…\n","earlier_checkpoints":[],
         "selection":{"system_id":"erp","from":null,"to":null,"first_position":1,"last_position":4711},"size":4711,"events":4702,
         "files":[{"name":"events.ndjson","bytes":3041882,"sha256":"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
                  {"name":"proof.ndjson","bytes":912,"sha256":"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}]}
        """;

    public static void Map(IEndpointRouteBuilder routes) => ExportQuestion.Describe(routes.MapGet("/export/manifest", HandleAsync)).RequireScope("audit:read")
        .WithSummary("Export events with their proof: the manifest")
        .WithDescription("The signed checkpoint, what was asked for, and count, length and SHA-256 of the files. The hashes take as long as the export itself: `files=false` leaves them out (`events` is 0 then).")
        .WithQueryParameter("files", "`false`: without count and hashes, which whoever writes the files can compute.", "false")
        .WithResponseExample(200, "`manifest.json`.", Example).WithErrors(400, 404);

    private static async Task<IResult> HandleAsync(HttpContext context, LedgerClient client, LogReader log, LogKeys keys, RecordedOrder order, CancellationToken cancellationToken)
    {
        var withFiles = new NativeQuery(context).Boolean("files") ?? true;
        var (question, fault) = await ExportQuestion.ReadAsync(context, client.TenantId, log, order, cancellationToken);
        if (question is null) return new FaultResult(fault!);
        var origin = Checkpoint.Parse(SignedNote.Parse(question.Checkpoint.Note).Text).Origin;
        var earlier = await log.SpreadAsync(client.TenantId, question.Checkpoint.Size, EarlierCheckpoints, cancellationToken);
        var manifest = new BundleManifest(
            origin, client.TenantId, [.. (await keys.ListAsync(cancellationToken)).Select(VerifierKey)], question.Checkpoint.Note,
            // Under another origin a log is another log, be it the same server's.
            [.. earlier.Select(checkpoint => checkpoint.Note).Where(note => note.StartsWith(origin + "\n", StringComparison.Ordinal))],
            question.Selection, question.Checkpoint.Size, 0, []);
        if (withFiles) manifest = await WithFilesAsync(manifest, log, question with { After = 0 }, cancellationToken);
        return Results.Bytes(manifest.ToBytes(), "application/json; charset=utf-8");
    }

    private static async Task<BundleManifest> WithFilesAsync(BundleManifest manifest, LogReader log, ExportQuestion question, CancellationToken cancellationToken)
    {
        long events = 0;
        var eventsFile = await HashAsync(question.EventsName, async sink => events = await new ExportLines(log, question, sink).WriteEventsAsync(cancellationToken));
        var proofFile = await HashAsync(BundleManifest.ProofName, sink => new ExportLines(log, question, sink).WriteProofAsync(cancellationToken));
        return manifest with { Events = events, Files = [eventsFile, proofFile] };
    }

    private static async Task<BundleFile> HashAsync(string name, Func<Func<ReadOnlyMemory<byte>, ValueTask>, Task> write)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        await write(piece =>
        {
            hash.AppendData(piece.Span);
            length += piece.Length;
            return ValueTask.CompletedTask;
        });
        return new(name, length, Digest.From(hash.GetHashAndReset()));
    }

    private static string VerifierKey(LogKey stored)
    {
        using var publicKey = ECDsa.Create();
        publicKey.ImportSubjectPublicKeyInfo(stored.PublicKey, out _);
        using var key = NoteKey.From(stored.Name, publicKey);
        return key.VerifierKey;
    }
}
