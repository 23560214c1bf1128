using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Domain.Records;

/// <summary>
/// A record's two other names. A dialect whose contract numbers its entries, or names them by UUID, can so address every
/// record, whatever the platform calls it.
/// </summary>
public static class RecordIdentity
{
    /// <summary>
    /// Numbers the ledger draws start here: above the ids real platforms count up to, and far below 2^53, so that they stay
    /// exact in JavaScript.
    /// </summary>
    public const long FirstDrawnNumber = 1_000_000_000_001;

    /// <returns>The number the id itself is: a decimal int64 from 1, without sign or leading zeros. Else null: draw one.</returns>
    /// <remarks>.NET reads a number over trailing NULs; no two ids may have one number, so the digits are counted here.</remarks>
    public static long? NumberOf(RecordId id) =>
        id.Value.Length is >= 1 and <= 19 && id.Value[0] != '0' && !id.Value.AsSpan().ContainsAnyExceptInRange('0', '9')
        && long.TryParse(id.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <returns>The UUID the id itself is, in either letter case; else UUIDv5 (RFC 9562 §5.5) of the tenant and the id.</returns>
    public static Guid UuidOf(string tenantId, RecordId id) => TryReadUuid(id.Value, out var own) ? own : DerivedUuid(tenantId, id);

    /// <summary>Is the id a UUID by itself?</summary>
    public static bool IsUuid(RecordId id) => TryReadUuid(id.Value, out _);

    /// <summary>UUIDv5 with the tenant as namespace. A tenant whose id is no UUID takes part by the UUIDv5 of its id.</summary>
    public static Guid DerivedUuid(string tenantId, RecordId id)
    {
        var space = TryReadUuid(tenantId, out var tenant) ? tenant : Version5(Guid.Empty, tenantId);
        return Version5(space, id.Value);
    }

    // .NET also reads white space around a UUID, and "0x" or "+" inside one: spellings of other records' UUIDs.
    private static bool TryReadUuid(string text, out Guid uuid) =>
        Guid.TryParseExact(text, "D", out uuid) && text.Length == 36 && !text.AsSpan().ContainsAny('+', 'x', 'X');

    // RFC 9562 prescribes SHA-1 for version 5; nothing here rests on its collision resistance.
#pragma warning disable CA5350
    private static Guid Version5(Guid space, string name)
    {
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(bytes, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(16));
        var hash = SHA1.HashData(bytes).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
#pragma warning restore CA5350
}
