using System.Net;
using System.Net.Sockets;
using System.Text;
using Ledger.Api.Webhooks.Delivery;

namespace Ledger.Api.Tests.Webhooks;

public sealed class HostileReceiverTests
{
    /// <summary>More than both ends of a connection buffer, and far less than what is offered.</summary>
    private const long Buffers = 32L << 20;

    private static readonly byte[] Block = new byte[64 * 1024];

    [Fact]
    public async Task An_endless_answer_is_accepted_and_not_read()
    {
        var (result, sent) = await SendToAsync("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10737418240\r\n\r\n", Block, pause: TimeSpan.Zero, TimeSpan.FromSeconds(60));
        (result.StatusCode, result.Error).ShouldBe((200, null));
        sent.ShouldBeLessThan(Buffers);
    }

    [Fact]
    public async Task Endless_headers_are_no_answer()
    {
        var (result, sent) = await SendToAsync("HTTP/1.1 200 OK\r\n", Encoding.ASCII.GetBytes($"X-More: {new string('x', 1_000)}\r\n"), pause: TimeSpan.Zero, TimeSpan.FromSeconds(60));
        (result.StatusCode, result.Error).ShouldBe((null, "invalid_answer"));
        sent.ShouldBeLessThan(Buffers);
    }

    [Fact]
    public async Task An_answer_that_drips_in_is_given_up_when_the_time_is_over()
    {
        var (result, _) = await SendToAsync("HTTP/1.1 200 OK\r\nX-More: ", "x"u8.ToArray(), pause: TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        (result.StatusCode, result.Error).ShouldBe((null, "timeout"));
        result.DurationMs.ShouldBeInRange(950, 60_000);
    }

    [Fact]
    public async Task What_is_not_http_is_no_answer()
    {
        var (result, _) = await SendToAsync("SSH-2.0-OpenSSH_9.2\r\n", Block, pause: TimeSpan.Zero, TimeSpan.FromSeconds(60));
        (result.StatusCode, result.Error).ShouldBe((null, "invalid_answer"));
    }

    /// <returns>The outcome, and how many bytes the receiver could send after its first words before the ledger hung up.</returns>
    private static async Task<(SendResult Result, long Sent)> SendToAsync(string firstWords, byte[] more, TimeSpan pause, TimeSpan timeout)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sent = 0L;
        var receiving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            try
            {
                await socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
                await socket.SendAsync(Encoding.ASCII.GetBytes(firstWords), TestContext.Current.CancellationToken);
                while (sent < 10L << 30)
                {
                    sent += await socket.SendAsync(more, TestContext.Current.CancellationToken);
                    if (pause > TimeSpan.Zero) await Task.Delay(pause, TestContext.Current.CancellationToken);
                }
            }
            catch (SocketException)
            {
                // The ledger has hung up.
            }
        }, TestContext.Current.CancellationToken);
        using var sender = new WebhookSender(allowPrivate: true, timeout);
        var result = await sender.SendAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "msg_1", "{}"u8.ToArray(), [new byte[32]], DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
        await receiving.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return (result, sent);
    }
}
