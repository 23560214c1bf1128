using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Cli.Saft;

/// <summary>
/// Gives every transaction of a file the id its record has in the ledger:
/// <c>saft:{registration number}:{year}:{journal}:{transaction}</c>. The same transaction gets the same id in every file it
/// appears in, so importing again, or importing an overlapping period, revises instead of registering twice.
/// </summary>
/// <remarks>
/// The year is part of it because voucher numbers start again every financial year. A number that repeats within one journal and
/// year gets <c>#2</c>, <c>#3</c> … in file order, so no transaction replaces another. To see repetitions, 16 bytes of hash per transaction are kept.
/// </remarks>
internal sealed class SaftRecordIds(SaftHeader header)
{
    private const int Longest = 128;
    private readonly HashSet<UInt128> seen = [];
    private readonly Dictionary<string, int> repeated = new(StringComparer.Ordinal);

    public int Repetitions { get; private set; }

    public string For(SaftTransaction transaction)
    {
        var year = transaction.PeriodYear ?? (transaction.TransactionDate ?? transaction.PostingDate)?.Year.ToString(CultureInfo.InvariantCulture) ?? "";
        var id = $"saft:{Part(header.RegistrationNumber)}:{Part(year)}:{Part(transaction.Journal.Id)}:{Part(transaction.Id)}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        // Longer than an id may be: the readable beginning gives way to a hash of the whole.
        if (id.Length > Longest - 8) id = $"saft:{Convert.ToHexStringLower(hash)}";
        if (seen.Add(new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8)))) return id;

        var occurrence = repeated.GetValueOrDefault(id, 1) + 1;
        repeated[id] = occurrence;
        Repetitions++;
        return $"{id}#{occurrence.ToString(CultureInfo.InvariantCulture)}";
    }

    // A colon inside a part would let journal "A:1", transaction "2" and journal "A", transaction "1:2" meet; a hash sign
    // would look like a repetition; a slash would split the path of the record's address.
    private static string Part(string text) => text.Replace("%", "%25").Replace(":", "%3A").Replace("#", "%23").Replace("/", "%2F");
}
