using System.Net;
using System.Net.Sockets;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>Where deliveries may go: to HTTPS addresses of the public internet, unless the configuration allows private ones.</summary>
internal static class ReceiverAddress
{
    /// <summary>First look, for an early answer. What counts is the check of the resolved address at every connection.</summary>
    /// <returns>Why the address is refused; null if it is not.</returns>
    public static string? Refuse(string url, bool allowPrivate)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Host.Length == 0) return "Must be an absolute URL.";
        if (address.Scheme != Uri.UriSchemeHttps && !(allowPrivate && address.Scheme == Uri.UriSchemeHttp)) return "Must be an https URL.";
        if (address.UserInfo.Length > 0) return "Must not hold a user name or password.";
        if (address.Fragment.Length > 0) return "Must not have a fragment.";
        if (!allowPrivate && IsKnownPrivate(address)) return "Must be an address of the public internet.";
        return null;
    }

    /// <summary>Global unicast, and neither set aside for documentation or tests nor a way to wrap another address.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Array.Exists(NotPublic4, network => network.Contains(address)),
            AddressFamily.InterNetworkV6 => address.ScopeId == 0 && GlobalUnicast.Contains(address) && !Array.Exists(NotPublic6, network => network.Contains(address)),
            _ => false,
        };
    }

    // The special-purpose address registries of IANA.
    private static readonly IPNetwork[] NotPublic4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Inside global unicast: protocol assignments with Teredo, documentation, 6to4 (it wraps an IPv4 address), AS112.
    private static readonly IPNetwork[] NotPublic6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    private static bool IsKnownPrivate(Uri address)
    {
        if (IPAddress.TryParse(address.Host, out var literal)) return !IsPublic(literal);
        var name = address.IdnHost.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }
}
