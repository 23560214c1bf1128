using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>F13: text that means something to whatever stands behind the service, in every place that takes text; and cursors nobody was given.</summary>
internal static class InjectionCases
{
    public static Request Draw(World world, World stranger, PublishedOperation operation, Random random)
    {
        string Injected() => Nasty.Injections[random.Next(Nasty.Injections.Count)];
        var filling = new Filling(world, operation, random);
        var parameters = operation.Parameters.Where(parameter => parameter.Place != "header" && parameter.Name != "access_token").ToList();
        var cursor = parameters.Find(parameter => IdKinds.Of(operation, parameter.Name) == IdKind.Cursor && parameter.Name != "before");
        if (cursor is not null && random.Next(2) == 0)
        {
            var (forged, what) = Forge(world, stranger, operation, random);
            return new(operation.Method, filling.Target(parameter => parameter == cursor ? Uri.EscapeDataString(forged) : filling.IsNeeded(parameter) ? "" : null),
                operation.IsWrite ? Encoding.UTF8.GetBytes("{}") : null)
            { MustBeRefused = true, What = $"{what} cursor {forged}" };
        }
        var spoilt = parameters.Count == 0 ? null : parameters[random.Next(parameters.Count)];
        var inBody = operation.Bodies.Count > 0 && (spoilt is null || random.Next(4) > 0);
        var target = filling.Target(parameter => parameter == spoilt && !inBody ? Uri.EscapeDataString(Injected() is var text && parameter.Place == "path" && text is "." or ".." ? "'" : text) : filling.IsNeeded(parameter) ? "" : null);
        if (!inBody) return new(operation.Method, target, operation.Bodies.ContainsKey("application/json") ? Encoding.UTF8.GetBytes(filling.Body("application/json")!.ToJsonString()) : null) { What = $"{spoilt?.Name} injected" };
        var mediaType = operation.Bodies.Keys.First();
        var body = filling.Body(mediaType, random.Next(8));
        var texts = JsonText.Places(body).Where(place => place.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String).ToList();
        var places = texts.Where(_ => random.Next(texts.Count) < 2).DefaultIfEmpty(texts[random.Next(texts.Count)]).ToList();
        foreach (var place in places) place.Value!.ReplaceWith(JsonValue.Create(Injected()));
        return new(operation.Method, target, Encoding.UTF8.GetBytes(mediaType.EndsWith("urlencoded", StringComparison.Ordinal)
            ? string.Join('&', body!.AsObject().Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value!.ToString())}")) : body!.ToJsonString()))
        { MediaType = mediaType, What = string.Join(", ", places.Select(place => place.Path)) + " injected" };
    }

    private static (string Cursor, string What) Forge(World world, World stranger, PublishedOperation operation, Random random)
    {
        var real = world.Any(IdKind.Cursor, operation)!;
        var at = random.Next(real.Length - 1);
        return random.Next(6) switch
        {
            0 => (stranger.Any(IdKind.Cursor, operation)!, "another tenant's"),
            1 => (real[..random.Next(1, real.Length - 1)], "a truncated"),
            2 => (real + Injected(random), "a longer"),
            3 => (Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_') + "MTIz", "an invented"),
            4 => (Injected(random), "no"),
            // Another character of any alphabet it may be written in. The last one may carry bits that mean nothing.
            _ => (real[..at] + (real[at] == 'Q' ? 'Z' : 'Q') + real[(at + 1)..], "a changed"),
        };
    }

    private static string Injected(Random random) => Nasty.Injections[random.Next(Nasty.Injections.Count)];
}
