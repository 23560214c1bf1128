using System.Text;
using System.Text.RegularExpressions;
using Ledger.Faults.Lines;

namespace Ledger.Faults.Fuzzing;

/// <summary>
/// F14: every operation of the documents, with another tenant's id in every place that takes one. Two strangers in the same state
/// ask, one for an id that somebody else has, one for an id that nobody has: both must get the same answer, and nothing may have
/// changed for the owner. Then the owner asks, so that an answer which is the same for everybody is noticed.
/// </summary>
internal static partial class StrangersIds
{
    private const int OwnersRecords = 300;
    private const int StrangersRecords = 40;

    public static Line Line { get; } = new("F14 another tenant's ids in every place of every route", RunAsync);

    private static async Task<Result> RunAsync(Plan plan)
    {
        await using var site = await Site.OpenAsync(plan, new() { Environments = [new Dictionary<string, string> { ["Ledger__WebhooksAllowPrivate"] = "true" }] });
        var operations = await PublishedOperation.ReadAllAsync(site.Nodes[0].Address);
        var owner = await World.BuildAsync(site, "owner", 70_000, OwnersRecords);
        var asking = await World.BuildAsync(site, "stranger", 10_000, StrangersRecords);
        var control = await World.BuildAsync(site, "stranger", 10_000, StrangersRecords);
        foreach (var world in new[] { owner, asking, control }) await world.CollectCursorsAsync(operations);
        var before = await HoldingsAsync(site, owner);
        List<string> wrong = [];
        var (places, told, requests, swept) = (0, 0, 0, new HashSet<string>());
        // Questions first, while nothing moves; what ends things last: the places before it need them alive.
        foreach (var operation in operations.OrderBy(operation => operation.IsWrite).ThenBy(operation => operation.Method == "DELETE" || operation.Path.EndsWith("/disconnect", StringComparison.Ordinal) || operation.Path.EndsWith("/revoke", StringComparison.Ordinal)))
        {
            foreach (var place in Places(operation, wrong))
            {
                var foreign = place.Kind == IdKind.None ? null : owner.Any(place.Kind, operation);
                if (place.Kind != IdKind.None && foreign is null) wrong.Add($"{operation.Name}: there is no {place.Kind} to try {place.Name} with");
                var unknown = place.Kind == IdKind.None ? null : Unknown(place.Kind, foreign!);
                var (theirs, nobodys) = (await AskAsync(asking, operation, place, foreign), await AskAsync(control, operation, place, unknown));
                var isOfPositions = place.Kind is IdKind.Position or IdKind.Tile || operation.Path.StartsWith("/ledger/v1/export", StringComparison.Ordinal) || operation.Path.StartsWith("/ledger/v1/log/", StringComparison.Ordinal);
                // A position or a size is a number like any other.
                var asked = place.Kind is not (IdKind.Position or IdKind.Tile);
                var (seen, expected) = (Normal(asking, asked ? foreign : null, theirs, isOfPositions), Normal(control, asked ? unknown : null, nobodys, isOfPositions));
                // Asked for nothing in particular, the two show what they have themselves: there it is enough that nothing else shows.
                if (place.Kind == IdKind.None) wrong.AddRange(owner.Ids.Where(id => id.Length > 8 && theirs.Text.Contains(id, StringComparison.Ordinal)).Select(id => $"{operation.Name}: the answer has another tenant's {id}"));
                else if (seen != expected) wrong.Add($"{operation.Name}, {place.Name}: another tenant's {place.Kind} is answered {theirs.Status} {From(seen, expected)}, an unknown one {nobodys.Status} {From(expected, seen)}");
                if (theirs.Text.Contains(owner.Mark, StringComparison.Ordinal) && foreign?.Contains(owner.Mark, StringComparison.Ordinal) != true) wrong.Add($"{operation.Name}, {place.Name}: the answer has something of another tenant's: {Short(theirs.Text)}");
                swept.Add(operation.Name);
                (places, requests) = (places + 1, requests + 2);
                if (operation.IsWrite || place.Parameter?.Place == "header" || place.Kind is IdKind.None or IdKind.Token or IdKind.Company) continue;
                requests++;
                if (Normal(owner, foreign, await AskAsync(owner, operation, place, foreign), false) != Normal(asking, foreign, theirs, false)) told++;
                else wrong.Add($"{operation.Name}, {place.Name}: its owner gets the same answer as a stranger: {Short(seen)}");
            }
        }
        if (await HoldingsAsync(site, owner) is var after && after != before) wrong.Add($"the owner had {before} and has {after}");
        wrong.AddRange(operations.Where(operation => !swept.Contains(operation.Name)).Select(operation => $"{operation.Name} was not swept"));
        return new Result(places)
        {
            Sent = requests,
            Wrong = wrong,
            Remarks = [$"{swept.Count} of {operations.Count} operations of the documents, {places} places; {wrong.Count} answers differ from that to an unknown id; in {told} places of reading operations the owner's answer was another"],
        };
    }

    /// <param name="Parameter">Null: it is in the body, at <paramref name="Path"/>.</param>
    private sealed record Place(IdKind Kind, string Name, PublishedParameter? Parameter = null, string? MediaType = null, string? Path = null);

    private static List<Place> Places(PublishedOperation operation, List<string> wrong)
    {
        // Without an id, too: what a list shows is nobody else's.
        List<Place> places = [new(IdKind.None, "nothing")];
        foreach (var parameter in operation.Parameters)
        {
            if (IdKinds.Of(operation, parameter.Name) is not { } kind) wrong.Add($"{operation.Name}: nobody has said what its parameter {parameter.Name} names");
            else if (kind != IdKind.None) places.Add(new(kind, parameter.Name, parameter));
        }
        foreach (var mediaType in operation.Bodies.Keys)
        {
            foreach (var found in operation.Bodies[mediaType].SelectMany(body => JsonText.Places(body)).Where(found => found.Value is System.Text.Json.Nodes.JsonValue).DistinctBy(found => found.Path))
            {
                if (IdKinds.Of(operation, found.Member, found.Path) is not { } kind) wrong.Add($"{operation.Name}: nobody has said what {found.Path} of its body names");
                else if (kind != IdKind.None) places.Add(new(kind, found.Path, null, mediaType, found.Path));
            }
        }
        return places;
    }

    /// <param name="id">Null: the request as it makes sense for the world.</param>
    private static Task<Answer> AskAsync(World world, PublishedOperation operation, Place place, string? id)
    {
        var filling = new Filling(world, operation);
        // An address that takes one of two things at a time gets the one that is asked about, and no cursor beside it.
        var target = filling.Target(parameter => parameter == place.Parameter && parameter.Place != "header" ? Filling.Escape(parameter, Written(parameter, id!)) : parameter.Name == "limit" && place.Kind != IdKind.None ? "1" : filling.IsNeeded(parameter) && !(place.Name == "event_id" && parameter.Name == "position") ? "" : null);
        var mediaType = place.MediaType ?? operation.Bodies.Keys.FirstOrDefault();
        byte[]? body = null;
        if (mediaType is not null)
        {
            var filled = operation.Bodies[mediaType].Select((_, index) => filling.Body(mediaType, index)).First(example => place.Path is null || JsonText.Places(example).Any(found => found.Path == place.Path));
            if (place.Path is not null) JsonText.Places(filled).First(found => found.Path == place.Path).Value!.ReplaceWith(Filling.AsJson(JsonText.Places(filled).First(found => found.Path == place.Path).Value!, id!));
            body = Encoding.UTF8.GetBytes(mediaType.EndsWith("urlencoded", StringComparison.Ordinal)
                ? string.Join('&', filled!.AsObject().Select(member => $"{member.Key}={Uri.EscapeDataString(member.Value!.ToString())}")) : filled!.ToJsonString());
        }
        var request = new Request(operation.Method, target, body) { MediaType = mediaType ?? "" };
        if (place.Parameter is { Place: "header" } header) request.Headers.Add((header.Name, id!));
        else if (operation.Path == "/v1/webhooks" && operation.IsWrite) request.Headers.Add(("Idempotency-Key", Guid.NewGuid().ToString()));
        return world.SendAsync(request);
    }

    private static string Written(PublishedParameter parameter, string id) => parameter.Name == "stream_prefix" ? $"item/{id}/" : id;

    /// <summary>Of the same form, and nobody's.</summary>
    private static string Unknown(IdKind kind, string known) => kind switch
    {
        IdKind.Position => "99999999",
        IdKind.Tile => "0/x001/234",
        IdKind.Record or IdKind.EntryNumber => "88888888",
        IdKind.System => "erp-nowhere",
        IdKind.VendorAccount => "account-nowhere",
        _ when Guid.TryParse(known, out _) => Guid.CreateVersion7().ToString(),
        // Letters for letters and digits for digits, so that its form gives nothing away; a prefix up to the last underscore stays.
        _ => known[..(known.LastIndexOf('_') is var prefix and > 0 and < 8 ? prefix : 0)] + string.Concat(known[(known.LastIndexOf('_') is var from and > 0 and < 8 ? from : 0)..].Select(Other)),
    };

    private static char Other(char character) => character switch
    {
        >= '0' and <= '9' => (char)('0' + ((character - '0' + 3) % 10)),
        >= 'a' and <= 'f' => (char)('a' + ((character - 'a' + 3) % 6)),
        >= 'g' and <= 'z' => (char)('g' + ((character - 'g' + 3) % 20)),
        >= 'A' and <= 'Z' => (char)('A' + ((character - 'A' + 3) % 26)),
        _ => character,
    };

    // What two strangers in the same state may be told differently: the id they asked for, their own ids, times, and what is drawn for each answer.
    private static string Normal(World world, string? asked, Answer answer, bool isOfPositions)
    {
        var text = $"{answer.Status} {answer.MediaType} {answer.Headers.GetValueOrDefault("www-authenticate")} {answer.Headers.GetValueOrDefault("idempotent-replayed")} {answer.Text}";
        // A manifest lists the checkpoints there are, and base64 is written as System.Text.Json writes it.
        text = Checkpoints().Replace(text, "[]").Replace("\\u002B", "+", StringComparison.Ordinal);
        if (asked is { Length: > 0 }) text = Whole(Whole(text, asked, "‹asked›"), Uri.EscapeDataString(asked), "‹asked›");
        text = Drawn().Replace(Attempts().Replace(Times().Replace(Uuids().Replace(text, "‹uuid›"), "‹time›"), "‹attempts›"), "‹drawn›");
        foreach (var id in world.Ids) text = Whole(text, id, "‹own›");
        return (isOfPositions ? AllNumbers() : Numbers()).Replace(text, "$1‹n›");
    }

    // Not in the middle of a hash: a number may be part of one.
    private static string Whole(string text, string id, string with) =>
        text.Contains(id, StringComparison.Ordinal) ? Regex.Replace(text, $"(?<![0-9A-Za-z]){Regex.Escape(id)}(?![0-9A-Za-z])", with.Replace("$", "$$", StringComparison.Ordinal)) : text;

    private static async Task<string> HoldingsAsync(Site site, World world)
    {
        await using var command = site.DataSource.CreateCommand("""
            select concat_ws(', ',
              (select count(*) from ledger.mt_events where tenant_id = $1) || ' events',
              (select string_agg(status || url, ' ' order by subscription_id) from ledger.webhook_subscriptions where tenant_id = $1),
              (select count(*) from ledger.idempotency_keys where tenant_id = $1) || ' keys',
              (select count(*) from ledger.access_tokens t join ledger.clients c using (client_id) where c.tenant_id = $1 and c.revoked_at is null) || ' tokens')
            """);
        command.Parameters.Add(new() { Value = world.TenantId });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    // Around the first character that differs.
    private static string From(string text, string other) => Short(text[Math.Max(0, text.AsSpan().CommonPrefixLength(other) - 80)..]);

    private static string Short(string text) => text.Length > 220 ? $"{text[..220]}…" : text;

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex Uuids();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)")]
    private static partial Regex Times();

    [GeneratedRegex("[A-Za-z0-9_+/=~-]{16,}")]
    private static partial Regex Drawn();

    // Positions move while events are sealed, and so does everything counted in them.
    [GeneratedRegex("(\"(?:position|head|size|next_after|tree_size|expiresIn|expires_in|age|after|latest|to|from)\":|positions? (?:are |is |up to |to )*)[0-9]+")]
    private static partial Regex Numbers();

    // Announcements are sent while we ask.
    [GeneratedRegex("\"(attempt_count|status)\":(\\d+|\"(pending|failed)\")|\"attempts\":\\[[^\\]]*\\]")]
    private static partial Regex Attempts();

    // The status stays. Two logs grow at their own pace, whatever the tenants do.
    [GeneratedRegex("(?<=[^0-9])()[0-9]+")]
    private static partial Regex AllNumbers();

    [GeneratedRegex("\\[\\s*(?:\"export-ledger/[^\"]*\",?\\s*)*\\]")]
    private static partial Regex Checkpoints();
}
