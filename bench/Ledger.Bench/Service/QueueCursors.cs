using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Bench.Service;

/// <summary>
/// Cursors into the middle and to the end of a queue, which no caller could make and nobody wants to page to: signed as the service does, with the
/// key in its database.
/// </summary>
internal static class QueueCursors
{
    private const string List = "not-exported";

    public static async Task<string> AfterAsync(BenchDatabase database, long number)
    {
        await using var command = database.DataSource.CreateCommand("select secret from ledger.service_secrets where name = 'cursors'");
        var key = (byte[])(await command.ExecuteScalarAsync())!;
        var place = number.ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{List.Length}:{List}{BenchDatabase.TenantId.Length}:{BenchDatabase.TenantId}{place}"));
        return Base64Url.EncodeToString([.. mac.AsSpan(0, 16), .. Encoding.UTF8.GetBytes(place)]);
    }
}
