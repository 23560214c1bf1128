using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Query;

/// <summary>A tree as PHP's <c>json_encode</c> writes the same array: a list when its keys are 0, 1, 2 … in order, else an object.</summary>
internal static class PhpJson
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(QueryNode node) => node switch
    {
        QueryNode.Text text => Quote(text.Value),
        QueryNode.Branch branch when branch.Members.Select((member, index) => member.Key == $"{index}").All(same => same) =>
            $"[{string.Join(',', branch.Values.Select(Of))}]",
        QueryNode.Branch branch => $"{{{string.Join(',', branch.Members.Select(member => $"{Quote(member.Key)}:{Of(member.Value)}"))}}}",
        _ => throw new InvalidOperationException("A query string gives text and branches only."),
    };

    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);
}
