using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ledger.Cli.Service;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Timeline;

/// <summary><c>ledger timeline RECORD_ID</c>: everything that happened to one record, oldest first.</summary>
internal static class TimelineCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("timeline", "Show what happened to a record, in every system, oldest first.");
        var record = new Argument<string>("RECORD_ID") { Description = "The platform's id of the record" };
        var system = new Option<string?>("--system") { Description = "Only this system (and the record itself)" };
        var asOf = new Option<string?>("--as-of") { Description = "Only what was recorded up to this time (RFC 3339)" };
        var json = new Option<bool>("--json") { Description = "Print the events as NDJSON, one per line, as the service tells them" };
        var options = new ServiceAddress.Options();
        command.Arguments.Add(record);
        command.Options.Add(system);
        command.Options.Add(asOf);
        command.Options.Add(json);
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerTool.GuardAsync(host, async () =>
        {
            var address = options.Read(parsed, host);
            using var service = new LedgerService(address, host.Patience, host.Error.WriteLine);
            var path = Path(parsed.GetRequiredValue(record), parsed.GetValue(system), parsed.GetValue(asOf));
            await foreach (var timelineEvent in TimelinePages.ReadAsync(service, address, path, cancellationToken))
                host.Out.WriteLine(parsed.GetValue(json) ? timelineEvent.GetRawText() : Line(timelineEvent));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Path(string record, string? system, string? asOf)
    {
        var path = $"ledger/v1/records/{Uri.EscapeDataString(record)}/timeline?limit=1000";
        if (system is not null) path += $"&system_id={Uri.EscapeDataString(system)}";
        if (asOf is not null) path += $"&as_of={Uri.EscapeDataString(asOf)}";
        return path;
    }

    private static string Line(JsonElement timelineEvent)
    {
        var position = timelineEvent.TryGetProperty("position", out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt64().ToString(CultureInfo.InvariantCulture)
            : "-";   // recorded, but not sealed yet
        var about = string.Join(" · ", new[] { Text(timelineEvent, "system_id"), Text(timelineEvent, "dialect"), Actor(timelineEvent) }.Where(part => part.Length > 0));
        var data = timelineEvent.TryGetProperty("data", out var content) ? TimelineData.InShort(content) : "";
        return $"{position,8}  {Text(timelineEvent, "recorded_at"),-27}  {Text(timelineEvent, "type"),-24}  {about}{(data.Length > 0 ? "  " : "")}{data}".TrimEnd();
    }

    private static string Actor(JsonElement timelineEvent) =>
        !timelineEvent.TryGetProperty("actor", out var actor) ? ""
        : actor.ValueKind == JsonValueKind.String ? Printable.Line(actor.GetString())
        : actor.ValueKind == JsonValueKind.Object ? TimelineData.InShort(actor)
        : "";

    private static string Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? Printable.Line(text.GetString()) : "";
}
