using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>
/// The switches <c>or</c> and <c>not</c>: 1, 0, true, false. The original takes some of these for their opposite
/// (<c>or=1</c> is AND there, a shorthand <c>false</c> negates), so nothing is guessed here.
/// </summary>
internal static class BooleanText
{
    /// <summary>Absent and null are false.</summary>
    public static bool Read(string element, QueryNode? sent, ICollection<InputFault> faults)
    {
        switch (sent)
        {
            case null or { IsBlank: true }:
            case QueryNode.Text { Value: "0" or "false" }:
            case QueryNode.Number { Raw: "0" }:
                return false;
            case QueryNode.Text { Value: "1" or "true" }:
            case QueryNode.Number { Raw: "1" }:
                return true;
            case QueryNode.Boolean boolean:
                return boolean.Value;
            default:
                faults.Add(new InputFault(element, "must be 1, 0, true or false"));
                return false;
        }
    }
}
