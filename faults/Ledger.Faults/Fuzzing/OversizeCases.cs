using System.Text;
using System.Text.Json.Nodes;

namespace Ledger.Faults.Fuzzing;

/// <summary>F12: more than docs/limits.md allows, of everything, and requests that are broken below any contract.</summary>
internal static class OversizeCases
{
    public static Request Draw(World world, PublishedOperation operation, Random random)
    {
        var filling = new Filling(world, operation, random);
        var target = filling.Target(parameter => filling.IsNeeded(parameter) ? "" : null);
        var mediaType = operation.Bodies.Keys.FirstOrDefault();
        var body = mediaType switch { null => null, "application/json" => Encoding.UTF8.GetBytes(filling.Body(mediaType)!.ToJsonString()), _ => "a=1"u8.ToArray() };
        var sound = new Request(operation.Method, target, body) { MediaType = mediaType ?? "" };
        // A strict reader of bodies never meets what a route without one ignores.
        var reads = mediaType == "application/json";
        return random.Next(18) switch
        {
            0 => sound with { Headers = [("X-Large", new string('h', random.Next(30_000, 60_000)))], IsTransport = true, What = "a large header" },
            1 => sound with { Headers = [.. Enumerable.Range(0, 150).Select(number => ($"X-{number}", "1"))], IsTransport = true, What = "150 headers" },
            2 => sound with { Target = $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}q={new string('q', random.Next(2) == 0 ? 17_000 : 140_000)}", IsTransport = true, What = "a long address" },
            3 => sound with { Headers = [("Idempotency-Key", new string('k', random.Next(2) == 0 ? 256 : 8_000))], MustBeRefused = operation.IsWrite && !operation.IsSignIn, What = "a long key" },
            4 => sound with { Headers = [("Content-Length", "999999999999")], IsTransport = true, Body = "{"u8.ToArray(), MustBeRefused = reads, What = "a body of a terabyte, announced" },
            5 when reads => sound with { Headers = [("Content-Length", $"{(33 << 20) + 1}")], IsTransport = true, Body = "{"u8.ToArray(), MustBeRefused = true, What = "a body that is too large, announced" },
            6 when reads && random.Next(4) == 0 => sound with { Body = Encoding.ASCII.GetBytes($"\"{new string('x', (1 << 20) + 1)}\""), IsTransport = true, MustBeRefused = true, What = "a body over 1 MiB" },
            7 when reads => sound with { Body = Encoding.ASCII.GetBytes(Nasty.Nested(random.Next(33, 200_000))), IsTransport = false, MustBeRefused = true, What = "deep nesting" },
            8 when reads => Long(sound, filling.Body(mediaType!), random),
            9 => sound with { Headers = [("Content-Type", random.Next(4) switch { 0 => "application/json; charset=utf-16", 1 => "text/plain", 2 => "application/xml", _ => ";;;" })], IsTransport = true, What = "another media type" },
            10 => sound with { Headers = [("Content-Encoding", random.Next(2) == 0 ? "gzip" : "br, gzip")], What = "an encoding it is not in" },
            11 => sound with { Headers = [("Transfer-Encoding", "gzip, chunked")], Body = "0\r\n\r\n"u8.ToArray(), IsTransport = true, What = "a strange transfer encoding" },
            12 => sound with { Headers = [("Transfer-Encoding", "chunked")], Body = Encoding.ASCII.GetBytes("5\r\n{\"a\":\r\nzz\r\n\r\n"), IsTransport = true, MustBeRefused = reads, What = "a broken chunk" },
            13 => sound with { Version = random.Next(2) == 0 ? "HTTP/9.9" : "JUNK/1.1", IsTransport = true, MustBeRefused = true, What = "another protocol" },
            14 => sound with { Headers = [("Bad Name", "x")], IsTransport = true, MustBeRefused = true, What = "a header that is none" },
            15 => sound with { Method = random.Next(3) switch { 0 => "BREW", 1 => "TRACE", _ => "PATCH" }, IsTransport = true, MustBeRefused = true, What = "another method" },
            16 => sound with { Headers = [(random.Next(3) switch { 0 => "If-None-Match", 1 => "Prefer", _ => "Accept" }, new string(',', random.Next(1, 4_000)))], What = "a header of commas" },
            _ => sound with { Headers = [("Accept", "application/x-unknown;q=0"), ("Range", "bytes=0-,-1,5-1"), ("Last-Event-ID", "99999999999999999999"), ("Expect", "100-continue")], What = "strange wishes" },
        };
    }

    private static Request Long(Request request, JsonNode? body, Random random)
    {
        var places = JsonText.Places(body).Where(place => place.Value is JsonValue).ToList();
        if (places.Count == 0) return request;
        var place = places[random.Next(places.Count)];
        var value = random.Next(3) switch
        {
            0 => $"\"{new string('s', random.Next(129, 100_000))}\"",
            1 => string.Concat("\"", string.Concat(Enumerable.Repeat("\\ud83d\\udca9", random.Next(60, 8_000))), "\""),
            _ => new string('9', random.Next(20, 50_000)),
        };
        return request with { Body = Encoding.UTF8.GetBytes(JsonText.Write(body, new Dictionary<string, string> { [place.Path] = value })), What = $"{place.Path} is long" };
    }
}
