using System.Globalization;
using Ledger.Cli.Terminal;
using Ledger.Proof.Bundles;

namespace Ledger.Cli.Export;

/// <summary>What is to be exported, as the user said it.</summary>
internal sealed record ExportRequest(string? System, string? From, string? To, bool IsCsv)
{
    private const string Day = "yyyy-MM-dd";

    public string EventsName => IsCsv ? BundleManifest.CsvName : BundleManifest.NdjsonName;

    /// <summary>A day stands for its first moment (UTC) after <c>--from</c>, and for its last after <c>--to</c>.</summary>
    public static ExportRequest Of(string? system, string? from, string? to, string format) => new(system, Moment(from, "T00:00:00Z"), Moment(to, "T23:59:59.999999Z"), format switch
    {
        "ndjson" => false,
        "csv" => true,
        _ => throw CommandFailure.Usage($"--format is ndjson or csv, not '{Printable.Line(format)}'."),
    });

    /// <summary>Whether a started export is this one.</summary>
    public bool IsOf(BundleManifest manifest) => manifest.Selection.SystemId == System && manifest.Selection.From == From && manifest.Selection.To == To;

    /// <param name="size">Holds every request of one export to the same checkpoint.</param>
    public string Query(long? size)
    {
        var query = $"format={(IsCsv ? "csv" : "ndjson")}";
        if (System is not null) query += $"&system_id={Uri.EscapeDataString(System)}";
        if (From is not null) query += $"&from={Uri.EscapeDataString(From)}";
        if (To is not null) query += $"&to={Uri.EscapeDataString(To)}";
        return size is { } fixedSize ? string.Create(CultureInfo.InvariantCulture, $"{query}&size={fixedSize}") : query;
    }

    private static string? Moment(string? text, string time) => DateOnly.TryParseExact(text, Day, out _) ? text + time : text;
}
