using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Tests.Input;

public sealed class ReadingABodyTests(EchoService service) : IClassFixture<EchoService>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json;charset=UTF-8", 200)]
    [InlineData("Application/JSON; charset=\"utf-8\"", 200)]
    [InlineData("application/vnd.acme.v3+json", 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("text/json", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/jsonp", 415)]
    [InlineData("json", 415)]
    [InlineData(";;", 415)]
    [InlineData(null, 415)]
    public async Task Accepts_JSON_media_types_only(string? contentType, int status)
    {
        using var content = new ByteArrayContent("""{"a":1}"""u8.ToArray());
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        (await SendAsync(content)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("identity", 200)]
    public async Task Does_not_unpack_bodies(string coding, int status)
    {
        using var content = new StringContent("""{"a":1}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add(coding);
        (await SendAsync(content)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    public async Task Calls_nothing_an_empty_body(string sent)
    {
        using var content = new StringContent(sent, Encoding.UTF8, "application/json");
        var (status, body) = await SendAsync(content);
        (status, body.GetProperty("code").GetString()).ShouldBe((400, "empty_body"));
    }

    [Fact]
    public async Task Calls_no_body_at_all_an_empty_body()
    {
        var (status, body) = await SendAsync(null);
        (status, body.GetProperty("code").GetString()).ShouldBe((400, "empty_body"));
    }

    [Theory]
    [InlineData(EchoService.MaxBytes, false, 200)]
    [InlineData(EchoService.MaxBytes + 1, false, 413)]
    [InlineData(EchoService.MaxBytes, true, 200)]
    [InlineData(EchoService.MaxBytes + 1, true, 413)]
    [InlineData(EchoService.MaxBytes * 4, true, 413)]
    public async Task Limits_the_size_with_and_without_a_length(int bytes, bool chunked, int status)
    {
        var json = Encoding.UTF8.GetBytes($"\"{new string('x', bytes - 2)}\"");
        using HttpContent content = chunked ? new StreamContent(new Dribble(json)) : new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var (actual, body) = await SendAsync(content);
        actual.ShouldBe(status);
        if (status == 200) body.GetProperty("bytes").GetInt32().ShouldBe(bytes);
        else body.GetProperty("code").GetString().ShouldBe("payload_too_large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keeps_the_connection_usable_after_a_body_that_was_too_large(bool chunked)
    {
        for (var i = 0; i < 20; i++)
        {
            using HttpContent tooLarge = chunked ? new StreamContent(new Dribble(new byte[EchoService.MaxBytes + 5])) : new ByteArrayContent(new byte[EchoService.MaxBytes + 5]);
            tooLarge.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            (await SendAsync(tooLarge)).Status.ShouldBe(413);
            using var small = new StreamContent(new Dribble("""{"a":1}"""u8.ToArray()));   // cannot be sent twice, so the client cannot hide a dropped connection
            small.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            (await SendAsync(small)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task Refuses_a_claimed_length_before_reading_a_byte()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port, Cancelled);
        await socket.GetStream().WriteAsync("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n"u8.ToArray(), Cancelled);
        var answer = new byte[12];
        await socket.GetStream().ReadExactlyAsync(answer, Cancelled);
        Encoding.ASCII.GetString(answer).ShouldBe("HTTP/1.1 413");
    }

    [Fact]
    public async Task Names_the_wrong_place_of_malformed_JSON()
    {
        using var content = new StringContent("""{"a":{"b":1,"b":2}}""", Encoding.UTF8, "application/json");
        var (status, body) = await SendAsync(content);
        (status, body.GetProperty("code").GetString()).ShouldBe((400, "malformed_json"));
        body.GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/a/b");
    }

    [Fact]
    public async Task Never_mixes_the_bodies_of_racing_requests() =>
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled }, async (i, _) =>
        {
            var text = new string((char)('a' + (i % 26)), 100 + (i * 37 % 3000));
            using var content = JsonContent.Create(text);
            (await SendAsync(content)).Body.GetProperty("root").GetString().ShouldBe(text);
        });

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpContent? content)
    {
        using var answer = await service.Client.PostAsync(new Uri("/echo", UriKind.Relative), content, Cancelled);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    /// <summary>A stream of unknown length, so that the client sends chunks.</summary>
    private sealed class Dribble(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
