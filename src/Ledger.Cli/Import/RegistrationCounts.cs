using System.Text.Json;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

internal sealed record RejectedRecord(string Id, string Problem);

/// <summary>What became of the records sent so far.</summary>
internal sealed class RegistrationCounts
{
    private const int RejectionsKept = 20;

    public long Registered { get; private set; }
    public long Revised { get; private set; }
    public long Unchanged { get; private set; }
    public long Rejected { get; private set; }
    public long Total => Registered + Revised + Unchanged + Rejected;

    /// <summary>The first of the rejected records, enough to see what is wrong with them.</summary>
    public List<RejectedRecord> Rejections { get; } = [];

    /// <param name="result">One element of <c>results</c>.</param>
    /// <returns>False when it is not a result.</returns>
    public bool Add(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("status", out var status)) return false;
        switch (status.ValueKind == JsonValueKind.String ? status.GetString() : null)
        {
            case "registered": Registered++; return true;
            case "revised": Revised++; return true;
            case "unchanged": Unchanged++; return true;
            case "rejected":
                Rejected++;
                if (Rejections.Count < RejectionsKept) Rejections.Add(new RejectedRecord(Text(result, "id") ?? "(no id)", Problem(result)));
                return true;
            default: return false;
        }
    }

    private static string Problem(JsonElement result)
    {
        if (!result.TryGetProperty("problem", out var problem)) return "no reason given";
        if (problem.ValueKind == JsonValueKind.String) return Printable.Line(problem.GetString());
        if (problem.ValueKind != JsonValueKind.Object) return "no reason given";
        var sentence = Text(problem, "detail") ?? Text(problem, "message") ?? Text(problem, "title") ?? Text(problem, "code") ?? "no reason given";
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array) return sentence;
        var faults = errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).Take(3)
            .Select(error => $"{Text(error, "pointer")} {Text(error, "message") ?? Text(error, "detail")}".Trim());
        return string.Join("; ", faults.Prepend(sentence));
    }

    private static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? Printable.Line(text.GetString()) : null;
}
