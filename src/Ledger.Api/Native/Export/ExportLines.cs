using System.Buffers;
using Ledger.EventStore.Log;
using Ledger.Proof.Bundles;
using Ledger.Proof.Tiles;
using Ledger.Proof.Tree;

namespace Ledger.Api.Native.Export;

/// <summary>Writes the two files of an export piece by piece: in memory is one page of events, whatever the size of the history.</summary>
/// <param name="sink">Takes a piece; it may be reused once the task is done.</param>
internal sealed class ExportLines(LogReader log, ExportQuestion question, Func<ReadOnlyMemory<byte>, ValueTask> sink)
{
    private const int EventsPerPage = 500;
    private const int PositionsPerPage = 5_000;
    private const int PieceLength = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _piece = new(PieceLength);

    /// <returns>Events written.</returns>
    public async Task<long> WriteEventsAsync(CancellationToken cancellationToken)
    {
        long events = 0;
        // Whoever goes on after a position has the column names.
        if (question.IsCsv && question.After == 0) EventWriter.WriteHeader(_piece);
        for (var first = Math.Max(question.Selection.FirstPosition, question.After + 1); first <= question.Selection.LastPosition; first += EventsPerPage)
        {
            var last = Math.Min(first + EventsPerPage - 1, question.Selection.LastPosition);
            foreach (var shown in await log.ShownAsync(question.TenantId, first, last, question.Hidden, cancellationToken))
            {
                if (question.IsCsv) EventWriter.WriteRow(shown, _piece);
                else EventWriter.WriteLine(shown, _piece);
                events++;
            }
            await SendAsync();
        }
        await SendAsync();
        return events;
    }

    /// <summary>The largest subtrees that hold nothing shown: with the events they make the root of the checkpoint.</summary>
    public async Task WriteProofAsync(CancellationToken cancellationToken)
    {
        var nodes = log.NodesOf(question.TenantId, question.Checkpoint.Size);
        var covered = 0L;   // positions up to here are shown or left out already
        await OmitAsync(nodes, covered, question.Selection.FirstPosition - 1, cancellationToken);
        covered = question.Selection.FirstPosition - 1;
        for (var first = question.Selection.FirstPosition; question.Hidden is not null && first <= question.Selection.LastPosition; first += PositionsPerPage)
        {
            var last = Math.Min(first + PositionsPerPage - 1, question.Selection.LastPosition);
            foreach (var position in await log.ShownPositionsAsync(question.TenantId, first, last, question.Hidden, cancellationToken))
            {
                await OmitAsync(nodes, covered, position - 1, cancellationToken);
                covered = position;
            }
        }
        if (question.Hidden is null) covered = question.Selection.LastPosition;
        await OmitAsync(nodes, covered, question.Checkpoint.Size, cancellationToken);
        await SendAsync();
    }

    private async Task OmitAsync(TileNodes nodes, long covered, long end, CancellationToken cancellationToken)
    {
        foreach (var node in TreeNode.Cover(covered, end))
        {
            if (node.First < question.After) continue;
            EventWriter.WriteSubtree(node, await nodes.ReadAsync(node, cancellationToken), _piece);
            if (_piece.WrittenCount >= PieceLength) await SendAsync();
        }
    }

    private async ValueTask SendAsync()
    {
        if (_piece.WrittenCount == 0) return;
        await sink(_piece.WrittenMemory);
        _piece.ResetWrittenCount();
    }
}
