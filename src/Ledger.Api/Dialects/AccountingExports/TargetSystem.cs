using Ledger.Api.Input;
using Ledger.Domain;

namespace Ledger.Api.Dialects.AccountingExports;

internal static class TargetSystem
{
    /// <summary>The member <c>target_system</c>: trimmed, 1 to 255 characters, case-sensitive.</summary>
    public static SystemId Read(JsonMembers members)
    {
        var text = members.RequiredString("target_system", 1, SystemId.MaxLength)?.Trim();
        if (text is "") members.Fault("target_system", "Must not be blank.");
        return new(text ?? "");
    }
}
