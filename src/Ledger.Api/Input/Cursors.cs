using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Ledger.Api.Input;

/// <summary>
/// Opaque places in a list. A cursor is signed for one tenant and one list, so that nobody can make one up, and a list's own
/// notation of a place may change without anybody noticing. The key is in the database: every node reads every cursor.
/// </summary>
/// <example><code>
/// // text: what follows the last row of a page, in the list's own notation.
/// var next = await cursors.WriteAsync("records", client.TenantId, "1000000000017", cancellationToken);
/// var place = await cursors.ReadAsync("records", client.TenantId, next, cancellationToken);   // null: not one of ours
/// </code></example>
public sealed class Cursors(NpgsqlDataSource dataSource)
{
    private const int MacLength = 16;

    /// <summary>A place may hold a record's id: 128 characters of up to four bytes, in base64.</summary>
    private const int Longest = 1024;

    private byte[]? _key;

    /// <param name="list">Names the list, and its order if there are several.</param>
    public async ValueTask<string> WriteAsync(string list, string tenantId, string place, CancellationToken cancellationToken)
    {
        var mac = Mac(await KeyAsync(cancellationToken), list, tenantId, place);
        return Base64Url.EncodeToString([.. mac, .. Encoding.UTF8.GetBytes(place)]);
    }

    /// <returns>Null when the cursor was not made by <see cref="WriteAsync"/> for this list and tenant.</returns>
    public async ValueTask<string?> ReadAsync(string list, string tenantId, string cursor, CancellationToken cancellationToken)
    {
        if (cursor.Length > Longest || !Base64Url.IsValid(cursor)) return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        // .NET reads past padding and stray bits: what was not written here is no cursor, even if it would say the same.
        if (bytes.Length <= MacLength || Base64Url.EncodeToString(bytes) != cursor) return null;
        var place = Encoding.UTF8.GetString(bytes.AsSpan(MacLength));
        var mac = Mac(await KeyAsync(cancellationToken), list, tenantId, place);
        return CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(0, MacLength)) ? place : null;
    }

    // The parts are told apart by their lengths: no two triples give the same text.
    private static byte[] Mac(byte[] key, string list, string tenantId, string place) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{list.Length}:{list}{tenantId.Length}:{tenantId}{place}"))[..MacLength];

    private async ValueTask<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known) return known;
        await using var command = dataSource.CreateCommand("select secret from ledger.service_secrets where name = 'cursors'");
        return _key = (byte[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
