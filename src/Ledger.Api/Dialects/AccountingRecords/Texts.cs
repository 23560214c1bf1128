using Ledger.Api.Input;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>Strings of request bodies: kept as sent, never blank.</summary>
internal static class Texts
{
    public static string? NotBlank(this JsonMembers members, string name, int max) => Checked(members, name, members.RequiredString(name, 1, max));

    /// <returns>Null when the member is absent or <c>null</c>, too.</returns>
    public static string? OptionalNotBlank(this JsonMembers members, string name, int max) => Checked(members, name, members.OptionalString(name, max, min: 1));

    private static string? Checked(JsonMembers members, string name, string? text)
    {
        if (text is null || !string.IsNullOrWhiteSpace(text)) return text;
        members.Fault(name, "Must not be blank.");
        return null;
    }
}
