using Ledger.Proof.Notes;

namespace Ledger.Proof.Bundles;

/// <summary>What a verification came to.</summary>
/// <param name="Findings">The first is the one to look at; none: verified.</param>
/// <param name="Manifest">Null: unreadable.</param>
/// <param name="Checkpoint">Null: not signed as it should be.</param>
/// <param name="SignedBy">Verifier keys whose signature is valid.</param>
/// <param name="IsPinned">The keys came from the caller; else from the bundle itself, which proves only that it agrees with itself.</param>
public sealed record BundleReport(
    IReadOnlyList<Finding> Findings, BundleManifest? Manifest, Checkpoint? Checkpoint, IReadOnlyList<string> SignedBy, bool IsPinned, long Events, long Erased)
{
    public bool IsVerified => Findings.Count == 0;
}

/// <summary>Reads a bundle from end to end in O(log N) memory and holds it against its signed checkpoint.</summary>
/// <remarks>No input makes it throw, but for faults of the streams themselves. "Verified" is only said of bytes that make the signed root.</remarks>
/// <param name="open">Opens a file of the bundle by name; null: there is none.</param>
/// <param name="pinned">Verifier keys the caller trusts; null: take those of the bundle.</param>
/// <param name="progress">Told of bytes read of the events and the proof.</param>
public sealed class BundleVerifier(Func<string, Stream?> open, IReadOnlyList<string>? pinned = null, Action<long>? progress = null)
{
    private readonly List<Finding> _findings = [];
    private BundleManifest? _manifest;
    private IReadOnlyList<string> _signedBy = [];
    private Checkpoint? _checkpoint;
    private long _events;
    private long _erased;

    public BundleReport Verify()
    {
        try
        {
            _manifest = ReadManifest();
            var checkpoints = OpenCheckpoints(_manifest);
            VerifyFiles(_manifest, checkpoints);
        }
        catch (FoundException found)
        {
            _findings.Add(found.Finding);
        }
        return new(_findings, _manifest, _checkpoint, _signedBy, pinned is not null, _events, _erased);
    }

    private BundleManifest ReadManifest()
    {
        using var stream = open(BundleManifest.FileName) ?? throw new FoundException(Fault.Manifest, null, $"{BundleManifest.FileName} is missing");
        var bytes = new byte[BundleManifest.MaxLength + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == bytes.Length) throw new FoundException(Fault.Manifest, null, $"{BundleManifest.FileName} is too long");
        try
        {
            return BundleManifest.Parse(bytes.AsMemory(0, length));
        }
        catch (FormatException fault)
        {
            throw new FoundException(Fault.Manifest, null, $"{BundleManifest.FileName} cannot be read: {fault.Message}");
        }
    }

    private List<Checkpoint> OpenCheckpoints(BundleManifest manifest)
    {
        List<NoteKey> keys = [];
        try
        {
            foreach (var key in pinned ?? manifest.Keys) keys.Add(NoteKey.Parse(key));
            var note = SignedNote.Parse(manifest.Checkpoint);
            _signedBy = [.. note.Verify(keys).Select(key => key.VerifierKey)];
            _checkpoint = Checkpoint.Parse(note.Text);
            var checkpoints = manifest.EarlierCheckpoints.Where(earlier => SignedNote.Parse(earlier).IsBy(keys)).Select(earlier => Checkpoint.Open(earlier, keys)).Where(earlier => earlier.Size <= _checkpoint.Size).OrderBy(earlier => earlier.Size).Append(_checkpoint).ToList();
            CheckOrigin(manifest, checkpoints);
            return checkpoints;
        }
        catch (FormatException fault)
        {
            throw new FoundException(Fault.Signature, null, $"the checkpoint is not signed as it should be: {fault.Message}");
        }
        finally
        {
            keys.ForEach(key => key.Dispose());
        }
    }

    private static void CheckOrigin(BundleManifest manifest, List<Checkpoint> checkpoints)
    {
        if (checkpoints.FirstOrDefault(checkpoint => checkpoint.Origin != manifest.Origin) is { } other) throw new FoundException(Fault.OtherLog, null, $"the checkpoint is of log {other.Origin}, the bundle of {manifest.Origin}");
        if (!manifest.Origin.EndsWith("/" + manifest.TenantId, StringComparison.Ordinal)) throw new FoundException(Fault.OtherLog, null, $"the log {manifest.Origin} is not that of tenant {manifest.TenantId}");
        var size = checkpoints[^1].Size;
        if (manifest.Size != size) throw new FoundException(Fault.Counts, null, $"the manifest states {manifest.Size} positions, its checkpoint {size}");
        if (manifest.Selection.FirstPosition < 1 || manifest.Selection.LastPosition > size) throw new FoundException(Fault.Manifest, null, $"the selection reaches from {manifest.Selection.FirstPosition} to {manifest.Selection.LastPosition}, the checkpoint from 1 to {size}");
    }

    private void VerifyFiles(BundleManifest manifest, List<Checkpoint> checkpoints)
    {
        var name = manifest.Files.Any(file => file.Name == BundleManifest.CsvName) ? BundleManifest.CsvName : BundleManifest.NdjsonName;
        using var events = Open(name);
        using var omitted = Open(BundleManifest.ProofName);
        var check = new EventCheck(manifest.TenantId);
        IEventSource source = name == BundleManifest.CsvName ? new CsvEvents(new(events), check) : new NdjsonEvents(new(events), check);
        var fold = new HistoryFold(checkpoints, manifest.Selection);
        try
        {
            fold.Run(source, new(new(omitted)));
        }
        catch (FoundException found)
        {
            _findings.Add(found.Finding);
        }
        (_events, _erased) = (fold.Events, check.Erased);
        if (_findings.Count == 0 && _events != manifest.Events) _findings.Add(new(Fault.Counts, null, $"the manifest counts {manifest.Events} events, {name} has {_events}"));
        CheckFile(manifest, name, events);
        CheckFile(manifest, BundleManifest.ProofName, omitted);
    }

    private HashedFile Open(string name) => new(open(name) ?? throw new FoundException(Fault.File, null, $"{name} is missing"), progress);

    private void CheckFile(BundleManifest manifest, string name, HashedFile file)
    {
        file.ReadToEnd();
        if (manifest.Files.FirstOrDefault(listed => listed.Name == name) is not { } listed) _findings.Add(new(Fault.File, null, $"the manifest does not list {name}"));
        else if (listed.Bytes != file.Length) _findings.Add(new(Fault.File, null, $"{name} has {file.Length} bytes, the manifest lists {listed.Bytes}"));
        else if (listed.Sha256 != file.Hash()) _findings.Add(new(Fault.File, null, $"{name} does not have the SHA-256 the manifest lists"));
    }
}
