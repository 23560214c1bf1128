using System.Net;
using System.Net.Sockets;

namespace Ledger.Faults.Machines;

internal static class Loopback
{
    // Below the ports that outgoing connections draw from: one of those would be in the way of a server that is started again.
    private const int First = 12_000, End = 32_000;

    /// <summary>A port nobody listens on.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
