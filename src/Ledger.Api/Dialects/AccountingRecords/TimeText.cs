using System.Globalization;

namespace Ledger.Api.Dialects.AccountingRecords;

internal static class TimeText
{
    /// <summary>UTC with all six digits: a client that polls by <c>updated_at[gt]</c> must be able to send back the very instant.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
