using Ledger.Proof.Bundles;
using Ledger.Proof.Notes;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Online;

/// <summary>What the verification of a server came to.</summary>
/// <param name="Findings">The first is the one to look at; none: verified.</param>
/// <param name="Note">The checkpoint as the server signed it: what to remember.</param>
/// <param name="IsPinned">The keys came from the caller, or were remembered; else from the server itself.</param>
public sealed record LogReport(IReadOnlyList<Finding> Findings, Checkpoint? Checkpoint, string? Note, IReadOnlyList<string> SignedBy, bool IsPinned, long Events, long Erased)
{
    public bool IsVerified => Findings.Count == 0;
}

/// <summary>
/// Holds everything a server shows against its signed checkpoint: all events, all tiles, earlier checkpoints, and the one that was seen last time.
/// </summary>
/// <param name="pinned">Verifier keys the caller trusts; null: take those of the server.</param>
/// <param name="remembered">A signed checkpoint of an earlier visit; null: the first visit.</param>
/// <param name="progress">Told now and then how many events are done, and of how many.</param>
public sealed class LogVerifier(ILogSource source, IReadOnlyList<string>? pinned = null, string? remembered = null, Action<long, long>? progress = null)
{
    /// <summary>How many earlier checkpoints are held against the events, the newest ones: some hours of a busy log, in a few MB.</summary>
    public const int MaxEarlier = 10_000;

    private readonly List<Checkpoint> _earlier = [];
    private string? _note;
    private Checkpoint? _checkpoint;
    private IReadOnlyList<string> _signedBy = [];
    private EventCheck? _check;
    private HistoryFold? _fold;

    /// <exception cref="Exception">Whatever the source throws: no answer is no finding.</exception>
    public async Task<LogReport> VerifyAsync(CancellationToken cancellationToken = default)
    {
        List<Finding> findings = [];
        try
        {
            var (now, before) = await OpenAsync(cancellationToken);
            await CheckPastAsync(now, before, cancellationToken);
            await using var events = await source.EventsAsync(now.Size, cancellationToken);
            Fold(now, before, events, cancellationToken);
        }
        catch (FoundException found)
        {
            findings.Add(found.Finding);
        }
        return new(findings, _checkpoint, _note, _signedBy, pinned is not null, _fold?.Events ?? 0, _check?.Erased ?? 0);
    }

    private async Task<(Checkpoint Now, Checkpoint? Before)> OpenAsync(CancellationToken cancellationToken)
    {
        List<NoteKey> keys = [];
        try
        {
            foreach (var key in pinned ?? await source.KeysAsync(cancellationToken)) keys.Add(NoteKey.Parse(key));
            _note = await source.CheckpointAsync(cancellationToken);
            var note = SignedNote.Parse(_note);
            _signedBy = [.. note.Verify(keys).Select(key => key.VerifierKey)];
            _checkpoint = Checkpoint.Parse(note.Text);
            await OpenEarlierAsync(_checkpoint, keys, cancellationToken);
            // The file of the last visit is the caller's own: a key it was signed with may have retired since.
            return (_checkpoint, remembered is null ? null : Checkpoint.Parse(SignedNote.Parse(remembered).Text));
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

    private async Task OpenEarlierAsync(Checkpoint now, List<NoteKey> keys, CancellationToken cancellationToken)
    {
        await foreach (var (size, note) in source.CheckpointsAsync(cancellationToken).Take(MaxEarlier))
        {
            if (size >= now.Size) continue;   // the one at hand, and those made since
            try
            {
                // Pinned keys need not reach back to the first one; the server's own list holds every key that ever signed.
                if (pinned is not null && !SignedNote.Parse(note).IsBy(keys)) continue;
                var checkpoint = Checkpoint.Open(note, keys);
                if (checkpoint.Origin != now.Origin) throw new FoundException(Fault.OtherLog, null, $"the checkpoint kept for {size} events is of log {checkpoint.Origin}, the latest of {now.Origin}");
                if (checkpoint.Size != size) throw new FoundException(Fault.Signature, null, $"the checkpoint kept for {size} events was signed for {checkpoint.Size}");
                _earlier.Add(checkpoint);
            }
            catch (FormatException fault)
            {
                throw new FoundException(Fault.Signature, null, $"the checkpoint kept for {size} events is not signed as it should be: {fault.Message}");
            }
        }
    }

    private async Task CheckPastAsync(Checkpoint now, Checkpoint? before, CancellationToken cancellationToken)
    {
        if (before is null) return;
        if (before.Origin != now.Origin) throw new FoundException(Fault.OtherLog, null, $"the server shows log {now.Origin}; remembered is {before.Origin}");
        if (now.Size < before.Size) throw new FoundException(Fault.History, now.Size + 1, $"the server went back: it shows {now.Size} events and has shown {before.Size}");
        if (now.Size == before.Size && now.Root != before.Root) throw new FoundException(Fault.History, null, $"the server shows another history: the first {now.Size} events have another root than when they were remembered");
        if (before.Size == 0 || now.Size == before.Size) return;
        try
        {
            var nodes = new TileNodes(source, now.Size);
            var proof = await MerkleProof.MakeConsistencyAsync(before.Size, now.Size, nodes, cancellationToken);
            if (!MerkleProof.VerifyConsistency(before.Size, now.Size, before.Root, now.Root, proof))
                throw new FoundException(Fault.History, null, $"the server shows another history: its {now.Size} events do not begin with the {before.Size} that were remembered");
        }
        catch (FormatException fault)
        {
            throw new FoundException(Fault.Tile, null, fault.Message);
        }
    }

    private void Fold(Checkpoint now, Checkpoint? before, Stream stream, CancellationToken cancellationToken)
    {
        var tiles = new TileCheck(source, cancellationToken);
        _check = new EventCheck(now.Origin[(now.Origin.LastIndexOf('/') + 1)..]);
        if (before is { Size: > 0 } && before.Size < now.Size) _earlier.Add(before);
        _fold = new HistoryFold([.. _earlier.OrderBy(earlier => earlier.Size), now], new(null, null, null, 1, now.Size), (position, leaf) =>
        {
            tiles.Add(leaf);
            if (position % Tile.FullWidth == 0 || position == now.Size) progress?.Invoke(position, now.Size);
        });
        using var events = new HashedFile(stream, null);
        using var none = new HashedFile(Stream.Null, null);
        _fold.Run(new NdjsonEvents(new(events), _check), new(new(none)));
        tiles.CheckPartial();
    }
}
