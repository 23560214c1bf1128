using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Ledger.Cli.Service;
using Ledger.Proof.Online;
using Ledger.Proof.Tiles;

namespace Ledger.Cli.Verify;

/// <summary>The log of a running service, read by plain GETs.</summary>
internal sealed class ServiceLog(LedgerService service) : ILogSource
{
    private const string Text = "text/plain";

    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken cancellationToken = default)
    {
        var answer = await service.GetAsync("ledger/v1/log/key", Text, cancellationToken);
        return Encoding.UTF8.GetString(answer.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async Task<string> CheckpointAsync(CancellationToken cancellationToken = default) =>
        Encoding.UTF8.GetString((await service.GetAsync("ledger/v1/log/checkpoint", Text, cancellationToken)).Body);

    public async IAsyncEnumerable<StoredCheckpoint> CheckpointsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        do
        {
            var address = $"ledger/v1/log/checkpoints?limit=1000{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            using var page = JsonDocument.Parse((await service.GetAsync(address, "application/json", cancellationToken)).Body);
            foreach (var kept in page.RootElement.GetProperty("checkpoints").EnumerateArray())
                yield return new(kept.GetProperty("size").GetInt64(), kept.GetProperty("note").GetString()!);
            cursor = page.RootElement.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
    }

    public Task<Stream> EventsAsync(long size, CancellationToken cancellationToken = default) =>
        service.OpenAsync($"ledger/v1/export?size={size.ToString(CultureInfo.InvariantCulture)}", cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Tile tile, CancellationToken cancellationToken = default) =>
        (await service.GetAsync($"ledger/v1/log/tile/{tile}", cancellationToken)).Body;
}
