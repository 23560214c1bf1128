using System.Net;
using System.Net.Sockets;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>The receiver's name stands for an address deliveries may not go to.</summary>
internal sealed class AddressRefusedException() : IOException("The receiver's address is not public.");

/// <summary>
/// Opens the connections of deliveries. The name is resolved here, once, every address it stands for is checked, and the
/// connection goes to a checked address: a name that changes its answer in between changes nothing.
/// </summary>
internal sealed class GuardedConnection(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await resolve(context.DnsEndPoint.Host, cancellationToken);
        // One private address among public ones is no accident: the whole name is refused.
        if (addresses.Length == 0 || (!allowPrivate && !Array.TrueForAll(addresses, ReceiverAddress.IsPublic))) throw new AddressRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
