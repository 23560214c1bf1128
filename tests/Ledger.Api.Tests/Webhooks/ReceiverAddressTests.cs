using System.Net;
using System.Net.Sockets;
using Ledger.Api.Webhooks.Delivery;

namespace Ledger.Api.Tests.Webhooks;

public sealed class ReceiverAddressTests
{
    /// <summary>Ways to write an address that is not public.</summary>
    private static readonly string[] Forms =
    [
        // Loopback, and the ways to write it.
        "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "017700000001", "0177.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.",
        "a.localhost", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "%31%32%37.0.0.1", "0", "0.0.0.0", "0.0.0.1", "0.255.255.255", "00000000177.0.0.1", "0x7F.0.0.1", "127.0x0.00.1",
        "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::]", "[::0.0.0.1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::ffff:0:127.0.0.1]",
        // Private networks.
        "10.0.0.0", "10.0.0.1", "10.255.255.255", "0xa000001", "167772161", "012.0.0.1", "10.1", "172.16.0.0", "172.16.0.1", "172.31.255.255", "0xac.0x10.1", "192.168.0.0", "192.168.0.1", "192.168.255.255", "3232235521", "192.168.1",
        "[::ffff:10.0.0.1]", "[::ffff:172.16.0.1]", "[::ffff:192.168.0.1]", "[::ffff:c0a8:1]", "[::10.0.0.1]", "[::192.168.0.1]",
        // Link-local with the metadata services of clouds, and carrier-grade NAT.
        "169.254.0.0", "169.254.169.254", "169.254.255.255", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fe80::1%251]", "[febf:ffff::1]",
        "[fd00:ec2::254]", "100.64.0.0", "100.64.0.1", "100.100.100.200", "100.127.255.255", "[::ffff:100.64.0.1]",
        // Unique local, site-local, multicast, wrapped and reserved.
        "[fc00::]", "[fc00::1]", "[fd00::1]", "[fd12:3456:789a::1]", "[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", "[fec0::1]", "[ff00::1]", "[ff02::1]", "[ff05::1:3]", "224.0.0.1", "239.255.255.250", "[::ffff:224.0.0.1]",
        "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:c0a8:1::]", "[2001::7f00:1]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:db8::1]", "[3fff::1]", "[100::1]",
        "[5f00::1]", "[4000::1]", "240.0.0.1", "255.255.255.255", "4294967295", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "[::ffff:198.18.0.1]",
    ];

    [Fact]
    public async Task No_form_of_a_private_address_is_connected_to()
    {
        Forms.Distinct().Count().ShouldBeGreaterThanOrEqualTo(100);
        using var four = new TcpListener(IPAddress.Any, 0);
        four.Start();
        var port = ((IPEndPoint)four.LocalEndpoint).Port;
        using var six = new TcpListener(IPAddress.IPv6Loopback, port);
        if (Socket.OSSupportsIPv6) six.Start();
        using var sender = new WebhookSender(allowPrivate: false, timeout: TimeSpan.FromSeconds(5));

        foreach (var form in Forms)
        {
            var result = await sender.SendAsync($"https://{form}:{port}/hooks", "msg_1", [], [], DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
            // Not every resolver knows every form; what it does not resolve leads nowhere.
            result.Error.ShouldBeOneOf(["address_refused", "invalid_url", "name_not_resolved"], form);
        }

        four.Pending().ShouldBeFalse();
        if (Socket.OSSupportsIPv6) six.Pending().ShouldBeFalse();
    }

    /// <summary>The check at the connection alone: every address is what a harmless name resolves to.</summary>
    [Fact]
    public async Task No_name_that_stands_for_a_private_address_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var addresses = Forms.Select(form => IPAddress.TryParse(form.Trim('[', ']'), out var address) ? address : null).OfType<IPAddress>().Distinct().ToList();
        addresses.Count.ShouldBeGreaterThan(70);

        foreach (var address in addresses)
        {
            foreach (var answer in new IPAddress[][] { [address], [IPAddress.Parse("93.184.216.34"), address] })
            {
                using var sender = new WebhookSender(allowPrivate: false, timeout: TimeSpan.FromSeconds(5), resolve: (_, _) => Task.FromResult(answer));
                (await sender.SendAsync($"https://harmless.example.com:{port}", "msg_1", [], [], DateTimeOffset.UtcNow, TestContext.Current.CancellationToken)).Error.ShouldBe("address_refused", address.ToString());
            }
        }
        listener.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_the_checked_address_is_connected_to()
    {
        await using var receiver = await Receiver.StartAsync();
        var asked = 0;
        using var sender = new WebhookSender(allowPrivate: true, resolve: (_, _) => Task.FromResult<IPAddress[]>(++asked == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("127.0.0.9")]));
        var url = receiver.Url.Replace("127.0.0.1", "rebinding.example.com", StringComparison.Ordinal);

        (await sender.SendAsync(url, "msg_1", "{}"u8.ToArray(), [], DateTimeOffset.UtcNow, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(200);

        (asked, receiver.All.Count).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("::ffff:8.8.8.8")]
    public void An_address_of_the_public_internet_is_accepted(string address) => ReceiverAddress.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("http://erp.example.com", false)]
    [InlineData("http://erp.example.com", true, null)]
    [InlineData("https://127.0.0.1", false)]
    [InlineData("https://127.0.0.1", true, null)]
    [InlineData("https://erp.example.com:8443/hooks?key=1", false, null)]
    public void The_configuration_decides_about_http_and_private_addresses(string url, bool allowPrivate, string? refusal = "refused") =>
        (ReceiverAddress.Refuse(url, allowPrivate) is null).ShouldBe(refusal is null);
}
