using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Cli.Terminal;
using Ledger.Proof.Bundles;
using Ledger.Proof.Notes;
using Ledger.Proof.Online;

namespace Ledger.Cli.Verify;

/// <summary>What a verification is told as: a verdict, its reason, and what it rests on.</summary>
/// <param name="Shown">Which part of the history was there to be verified; null: none could be told.</param>
internal sealed record VerifyReport(IReadOnlyList<Finding> Findings, Checkpoint? Checkpoint, IReadOnlyList<string> SignedBy, string? KeysFrom, string? Shown, long Events, long Erased)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static VerifyReport Of(BundleReport report)
    {
        var selection = report.Manifest?.Selection;
        var shown = selection is null ? null
            : selection.LastPosition < selection.FirstPosition ? "no position"
            : $"positions {Number(selection.FirstPosition)} to {Number(selection.LastPosition)}" + (selection.SystemId is { } system ? $", without the items of other systems than {Printable.Line(system)}" : "");
        return new(report.Findings, report.Checkpoint, report.SignedBy, report.IsPinned ? null : "the bundle itself", shown, report.Events, report.Erased);
    }

    public static VerifyReport Of(LogReport report) => new(
        report.Findings, report.Checkpoint, report.SignedBy, report.IsPinned ? null : "the server itself",
        report.Checkpoint is { } checkpoint ? $"positions 1 to {Number(checkpoint.Size)}" : null, report.Events, report.Erased);

    public int ExitCode => Findings.Count == 0 ? Cli.ExitCode.Done : Cli.ExitCode.DoneWithFindings;

    public string AsText()
    {
        var text = new StringBuilder();
        foreach (var finding in Findings) text.Append("NOT verified: ").Append(Printable.Line(finding.ToString())).Append(".\n");
        if (Findings.Count == 0) text.Append(CultureInfo.InvariantCulture, $"Verified: {Number(Events)} events, {Shown}.\n");
        if (Checkpoint is not null) text.Append(CultureInfo.InvariantCulture, $"  log          {Printable.Line(Checkpoint.Origin)}\n  checkpoint   {Number(Checkpoint.Size)} events, root {Checkpoint.Root}\n");
        foreach (var key in SignedBy) text.Append(CultureInfo.InvariantCulture, $"  signed by    {Printable.Line(key)}\n");
        if (KeysFrom is not null && SignedBy.Count > 0) text.Append(CultureInfo.InvariantCulture, $"  The key is from {KeysFrom}: compare it with the one you got elsewhere, or give that one with --key.\n");
        if (Erased > 0) text.Append(CultureInfo.InvariantCulture, $"  {Number(Erased)} of the events had their body erased: when, what kind and by whom is proven, what it said is not.\n");
        return text.ToString().TrimEnd('\n');
    }

    public string AsJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteBoolean("verified", Findings.Count == 0);
            json.WriteStartArray("findings");
            foreach (var finding in Findings)
            {
                json.WriteStartObject();
                json.WriteString("fault", JsonNamingPolicy.SnakeCaseLower.ConvertName(finding.Fault.ToString()));
                if (finding.Position is { } position) json.WriteNumber("position", position);
                else json.WriteNull("position");
                json.WriteString("what", finding.What);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("origin", Checkpoint?.Origin);
            if (Checkpoint is not null) json.WriteNumber("size", Checkpoint.Size);
            json.WriteString("root", Checkpoint?.Root.ToString());
            json.WriteStartArray("signed_by");
            foreach (var key in SignedBy) json.WriteStringValue(key);
            json.WriteEndArray();
            json.WriteBoolean("key_given", KeysFrom is null);
            json.WriteNumber("events", Events);
            json.WriteNumber("erased", Erased);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
