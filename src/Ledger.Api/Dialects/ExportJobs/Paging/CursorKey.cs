using Npgsql;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>The installation's key for cursors. This contract prescribes an alphabet for them, so it writes its own; the key is everybody's.</summary>
internal sealed class CursorKey(NpgsqlDataSource dataSource)
{
    private byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known) return known;
        await using var command = dataSource.CreateCommand("select secret from ledger.service_secrets where name = 'cursors'");
        return _key = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
