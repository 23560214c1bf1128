using System.CommandLine;
using Ledger.Cli.Terminal;

namespace Ledger.Cli.Service;

/// <summary>Where the service is and who calls it.</summary>
internal sealed record ServiceAddress(Uri Url, string ClientId, string ClientSecret)
{
    private const string DemoClient = "demo";
    private const string DemoSecret = "demo-secret";

    // The secret must not slip into a message or a log through the generated ToString.
    public override string ToString() => $"{ClientId} at {Url}";

    /// <summary>The three options every command that talks to the service has. Order of precedence: option, environment, demo.</summary>
    internal sealed class Options
    {
        private readonly Option<string?> url = new("--url") { Description = "Address of the service [env LEDGER_URL; default http://127.0.0.1:5080]" };
        private readonly Option<string?> clientId = new("--client-id") { Description = "Client [env LEDGER_CLIENT_ID; default demo]" };
        private readonly Option<string?> clientSecret = new("--client-secret") { Description = "Its secret [env LEDGER_CLIENT_SECRET, which keeps it out of the process list]" };

        public void AddTo(Command command)
        {
            command.Options.Add(url);
            command.Options.Add(clientId);
            command.Options.Add(clientSecret);
        }

        public ServiceAddress Read(ParseResult parsed, ToolHost host)
        {
            var address = parsed.GetValue(url) ?? host.Environment("LEDGER_URL") ?? "http://127.0.0.1:5080";
            var client = parsed.GetValue(clientId) ?? host.Environment("LEDGER_CLIENT_ID") ?? DemoClient;
            var secret = parsed.GetValue(clientSecret) ?? host.Environment("LEDGER_CLIENT_SECRET")
                ?? (client == DemoClient ? DemoSecret : throw CommandFailure.Usage($"Client '{Printable.Line(client)}' needs a secret: --client-secret or LEDGER_CLIENT_SECRET."));
            if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var parsedUrl) || parsedUrl.Scheme is not ("http" or "https"))
                throw CommandFailure.Usage($"'{Printable.Line(address)}' is not an http or https address.");
            return new ServiceAddress(parsedUrl, client, secret);
        }
    }
}
