namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>A system's name: any text of 1 to 255 characters after trimming, upper and lower case differ.</summary>
internal static class SystemIdText
{
    public const int MaxLength = 255;

    /// <returns>What is wrong with the trimmed text, or null.</returns>
    public static string? Problem(string trimmed) =>
        trimmed.Length == 0 ? "must not be blank"
        : trimmed.EnumerateRunes().Count() > MaxLength ? $"has more than {MaxLength} characters"
        : trimmed.Contains('\0', StringComparison.Ordinal) ? "has a NUL character"
        : null;
}
