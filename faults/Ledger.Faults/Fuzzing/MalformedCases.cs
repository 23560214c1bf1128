using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>F11: texts that are no JSON, and JSON that is not what the schema says.</summary>
internal static class MalformedCases
{
    // Around each limit of docs/limits.md. The largest are rare: a case of 5,001 results is a batch of work by itself.
    private static readonly int[] Counts = [0, 2, 9, 10, 11, 20, 21, 50, 51, 99, 100, 101];
    private static readonly int[] LargeCounts = [499, 500, 501, 999, 1_000, 1_001, 5_000, 5_001];

    public static Request Draw(World world, PublishedOperation operation, Random random)
    {
        var mediaType = operation.Bodies.Count == 0 ? null : operation.Bodies.Keys.ElementAt(random.Next(operation.Bodies.Count));
        // Half of the writes have a body at fault, the others parameters as well; a reading route has only those.
        var spoilt = operation.Parameters.Where(parameter => parameter.Place == "query" || (parameter.Place == "path" && random.Next(6) == 0)).Where(_ => mediaType is null ? random.Next(3) == 0 : random.Next(12) == 0).ToHashSet();
        var filling = new Filling(world, operation, random);
        var target = filling.Target(parameter => spoilt.Contains(parameter) ? Parameter(parameter, random) : parameter.Place == "path" || random.Next(4) == 0 ? parameter.Name == "access_token" ? null : "" : null);
        var request = new Request(operation.Method, target, null) { What = string.Join(", ", spoilt.Select(parameter => $"{parameter.Name} spoilt")) };
        if (random.Next(8) == 0 && operation.IsWrite && mediaType is null) request = request with { Body = Encoding.UTF8.GetBytes("{\"unasked\":1}"), What = request.What + " a body nobody asked for" };
        return mediaType switch
        {
            null => request,
            "application/json" => Json(request, filling.Body(mediaType, random.Next(8)), random),
            "application/x-www-form-urlencoded" => request with { Body = Form(filling.Body(mediaType)!.AsObject(), random), MediaType = mediaType, What = "form spoilt" },
            _ => request with { Body = Lines(filling.Body(mediaType), random), MediaType = mediaType, What = "lines spoilt" },
        };
    }

    private static string Parameter(PublishedParameter parameter, Random random)
    {
        var value = Nasty.Values[random.Next(Nasty.Values.Count)].Trim('"');
        return random.Next(5) switch
        {
            0 => parameter.Place == "query" ? $"{Uri.EscapeDataString(value)}&{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(value)}" : Path("0"),
            1 => parameter.Place == "query" ? Nasty.Escapes[random.Next(Nasty.Escapes.Count)] : Path(value),
            _ => parameter.Place == "query" ? Uri.EscapeDataString(value) : Path(value),
        };
        string Path(string text) => text is "" or "." or ".." or "/" ? "0" : Uri.EscapeDataString(text);
    }

    private static Request Json(Request request, JsonNode? example, Random random)
    {
        if (random.Next(12) == 0)
        {
            var (name, bytes) = Nasty.Corpus[random.Next(Nasty.Corpus.Count)];
            return request with { Body = bytes, MustBeRefused = name.StartsWith("n_", StringComparison.Ordinal), What = name };
        }
        var (replaced, added, what) = (new Dictionary<string, string>(), new Dictionary<string, (string Name, string Value)>(), new List<string>());
        var places = JsonText.Places(example).ToList();
        for (var faults = random.Next(1, 4); faults > 0; faults--)
        {
            var place = places[random.Next(places.Count)];
            if (replaced.Keys.Any(path => place.Path.StartsWith(path, StringComparison.Ordinal) || path.StartsWith(place.Path, StringComparison.Ordinal))) continue;
            switch (random.Next(10))
            {
                case 0 when place.IsMember:
                    replaced[place.Path] = "";
                    what.Add($"{place.Path} left out");
                    break;
                case 1 or 2:
                    replaced[place.Path] = Nasty.Refused[random.Next(Nasty.Refused.Count)];
                    what.Add($"{place.Path} is no JSON");
                    break;
                case 3 or 4 when place.Value is JsonObject members:
                    var name = random.Next(5) == 0 && members.Count > 0 ? members.First().Key : Nasty.Members[random.Next(Nasty.Members.Count)];
                    added[place.Path] = (name, Nasty.Values[random.Next(Nasty.Values.Count)]);
                    what.Add($"{place.Path} has {name}, too");
                    break;
                case 5 when place.Value is JsonArray { Count: > 0 } items:
                    var count = random.Next(40) == 0 ? LargeCounts[random.Next(LargeCounts.Length)] : Counts[random.Next(Counts.Length)];
                    var one = items[0]?.ToJsonString() ?? "null";
                    replaced[place.Path] = $"[{string.Join(',', Enumerable.Repeat(one, count))}]";
                    what.Add($"{place.Path} has {count}");
                    break;
                default:
                    replaced[place.Path] = Nasty.Values[random.Next(Nasty.Values.Count)];
                    what.Add($"{place.Path} is {replaced[place.Path]}");
                    break;
            }
        }
        var text = JsonText.Write(example, replaced, added.ToDictionary(more => more.Key, more => $"{JsonValue.Create(more.Value.Name).ToJsonString()}:{more.Value.Value}"));
        // A member is there twice only if neither the first one nor what is around it was taken away since.
        var refused = replaced.Values.Any(Nasty.Refused.Contains) || added.Any(more => places.Exists(place => place.IsMember && place.Path == $"{more.Key}/{more.Value.Name}" && !replaced.Any(other =>
            more.Key.StartsWith(other.Key, StringComparison.Ordinal) || (other.Key == place.Path && other.Value.Length == 0))));
        if (random.Next(15) == 0 && text.Length > 2)
        {
            text = text[..random.Next(1, text.Length - 1)];
            // Part of an array or an object is never whole.
            refused = text[0] is '{' or '[' || refused;
            what.Add("cut off");
        }
        var body = Encoding.UTF8.GetBytes(text);
        if (random.Next(20) == 0 && body.Length > 0)
        {
            body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            refused = false;
            what.Add("one bit flipped");
        }
        return request with { Body = body, MustBeRefused = refused, What = string.Join(", ", what.Append(request.What).Where(part => part.Length > 0)) };
    }

    // Each line is judged by itself: one that is wrong is rejected, and the others go on.
    private static byte[] Lines(JsonNode? line, Random random) => Encoding.UTF8.GetBytes(string.Join(random.Next(2) == 0 ? "\n" : "\r\n", Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
    {
        var places = JsonText.Places(line).ToList();
        var value = random.Next(3) == 0 ? Nasty.Refused[random.Next(Nasty.Refused.Count)] : Nasty.Values[random.Next(Nasty.Values.Count)];
        return random.Next(4) == 0 ? line!.ToJsonString() : JsonText.Write(line, new Dictionary<string, string> { [places[random.Next(places.Count)].Path] = value });
    })));

    private static byte[] Form(JsonObject fields, Random random)
    {
        var text = string.Join('&', fields.SelectMany(field => random.Next(5) switch
        {
            0 => Array.Empty<string>(),
            1 => [$"{field.Key}={field.Value}", $"{field.Key}={field.Value}"],
            2 => [$"{field.Key}={Nasty.Escapes[random.Next(Nasty.Escapes.Count)]}"],
            3 => [$"{field.Key}={Uri.EscapeDataString(Nasty.Injections[random.Next(Nasty.Injections.Count)])}"],
            _ => [$"{field.Key}={Uri.EscapeDataString(field.Value!.ToString())}"],
        }));
        return Encoding.UTF8.GetBytes(text);
    }
}
