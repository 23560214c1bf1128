using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Ledger.Api.Errors;
using Ledger.Domain;

namespace Ledger.Api.Dialects.AccountingExports;

/// <summary>Ids as this contract writes them: <c>exp_xp_</c> or <c>batch_</c> and 16 lower-case hex digits.</summary>
internal static class ExportIds
{
    private const string ExportPrefix = "exp_xp_";
    private const string BatchPrefix = "batch_";

    public static string Of(AttemptId attempt) => ExportPrefix + attempt;

    public static string NewBatch() => BatchPrefix + RandomNumberGenerator.GetHexString(16, lowercase: true);

    public static bool TryParse(string text, [NotNullWhen(true)] out AttemptId? attempt)
    {
        attempt = text.StartsWith(ExportPrefix, StringComparison.Ordinal) && AttemptId.TryParse(text.AsSpan(ExportPrefix.Length), out var id) ? id : null;
        return attempt is not null;
    }

    /// <summary>The same for an id of the wrong form, an unknown one and another tenant's.</summary>
    public static Fault Unknown { get; } = Fault.NotFound("export_not_found", "There is no such export.");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);
}
