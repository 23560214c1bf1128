using System.Diagnostics;
using System.Net;
using Ledger.Faults.Lines;

namespace Ledger.Faults.Clients;

/// <summary>Questions that only have to be answered some time: a machine under load is no finding.</summary>
internal static class Patiently
{
    private static readonly HttpClient Http = new() { Timeout = Site.Patience };

    /// <summary>Asks again while the service is not there or has no time.</summary>
    /// <param name="request">Made anew for each attempt.</param>
    public static async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var message = request();
            try
            {
                var response = await Http.SendAsync(message);
                if (response.StatusCode < HttpStatusCode.InternalServerError || clock.Elapsed > Site.Patience) return response;
                response.Dispose();
            }
            catch (HttpRequestException) when (clock.Elapsed < Site.Patience)
            {
                // Not now.
            }
        }
    }
}
