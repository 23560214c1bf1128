using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Ledger.Bench.Load;

/// <summary>One request whose body is as many lines as wanted, made while it is sent.</summary>
internal static class NdjsonImport
{
    private const int BlockBytes = 64 * 1024;

    public static async Task SendAsync(int port, string apiKey, int records)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/ledger/v1/records") { Content = new Lines(records) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(apiKey + ":")));
        request.Headers.Add("Prefer", "return=minimal");
        using var response = await http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || !answer.Contains($"\"registered\":{records}", StringComparison.Ordinal)) throw new InvalidOperationException($"{(int)response.StatusCode}: {answer[..Math.Min(500, answer.Length)]}");
    }

    private sealed class Lines : HttpContent
    {
        private readonly int _records;

        public Lines(int records)
        {
            _records = records;
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new RequestBody();
            for (var number = 1; number <= _records; number++)
            {
                block.Add("{\"id\":\""u8).Add(number).Add("\",\"source_type\":\"card\",\"amount\":{\"value\":"u8).Add(100 + (number % 100_000))
                    .Add(",\"currency\":\"EUR\"},\"posted_at\":\"2026-01-15\",\"created_at\":\"2026-01-15T09:30:00Z\",\"text\":\"Office supplies\",\"account\":\"6640\",\"contra_account\":\"1920\",\"lines\":[{\"id\":\"1\",\"side\":\"debit\",\"amount\":{\"value\":"u8)
                    .Add(100 + (number % 100_000)).Add(",\"currency\":\"EUR\"},\"account\":\"6640\"},{\"id\":\"2\",\"side\":\"credit\",\"amount\":{\"value\":"u8)
                    .Add(100 + (number % 100_000)).Add(",\"currency\":\"EUR\"},\"account\":\"1920\"}]}\n"u8);
                if (block.Written.Length < BlockBytes) continue;
                await stream.WriteAsync(block.Written);
                block.Clear();
            }
            await stream.WriteAsync(block.Written);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
