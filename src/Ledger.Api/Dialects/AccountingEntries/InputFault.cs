namespace Ledger.Api.Dialects.AccountingEntries;

/// <summary>One thing wrong with a request. A request is read to its end, so one answer names them all.</summary>
/// <param name="Element">The sender's own path to the element, dotted: <c>filter_groups.0.filters.1.value</c>.</param>
internal sealed record InputFault(string Element, string Message)
{
    private const int LongestEcho = 60;

    /// <summary>The text of <c>detail</c> in the error envelope.</summary>
    public override string ToString() => $"{Element}: {Message}";

    /// <summary>What the caller sent, quoted and cut to a length that keeps the answer readable.</summary>
    public static string Quote(string sent) =>
        sent.Length <= LongestEcho ? $"'{sent}'" : $"'{sent[..CutAt(sent)]}…'";

    private static int CutAt(string sent) => char.IsHighSurrogate(sent[LongestEcho - 1]) ? LongestEcho - 1 : LongestEcho;
}
