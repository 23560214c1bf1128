using System.Security.Cryptography;
using Ledger.EventStore.Log;

namespace Ledger.Api.Hosting;

/// <summary>Section <c>Ledger:Log</c>: whose name is on the tamper-evident logs, and what signs them.</summary>
public sealed class LogOptions
{
    private const string NistP256 = "1.2.840.10045.3.1.7";

    /// <summary>Name of this server in checkpoints and keys, 1 to 200 visible ASCII characters without <c>+</c>; a host name is a good one. Changing it renames every log.</summary>
    public string Origin { get; set; } = LogSettings.DefaultOrigin;

    /// <summary>File with an ECDSA P-256 private key in PEM. Without it, and without <see cref="Key"/>, the service makes a key and keeps it in the database.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The key itself in PEM, where files are hard to come by.</summary>
    public string? Key { get; set; }

    /// <summary>The key that is being replaced: it signs beside the new one until it is taken out of the configuration.</summary>
    public string? PreviousKeyFile { get; set; }

    /// <inheritdoc cref="PreviousKeyFile"/>
    public string? PreviousKey { get; set; }

    /// <exception cref="SettingException">Says which setting is wrong and what it may be.</exception>
    public LogSettings ToSettings()
    {
        if (Origin.Length is 0 or > 200 || Origin.Any(character => character is <= ' ' or > '~' or '+')) throw new SettingException("Ledger:Log:Origin must have 1 to 200 visible ASCII characters, none of them a plus sign.");
        var current = Read(nameof(Key), Key, nameof(KeyFile), KeyFile);
        var previous = Read(nameof(PreviousKey), PreviousKey, nameof(PreviousKeyFile), PreviousKeyFile);
        if (current is null && previous is not null) throw new SettingException("Ledger:Log:PreviousKeyFile is given without Ledger:Log:KeyFile: there is no key to replace it.");
        return new(Origin, [.. new[] { current, previous }.OfType<byte[]>()]);
    }

    private static byte[]? Read(string name, string? pem, string fileName, string? file)
    {
        if (string.IsNullOrEmpty(pem) && string.IsNullOrEmpty(file)) return null;
        if (!string.IsNullOrEmpty(pem) && !string.IsNullOrEmpty(file)) throw new SettingException($"Ledger:Log:{name} and Ledger:Log:{fileName} are both given; one is enough.");
        if (!string.IsNullOrEmpty(pem)) return Read($"Ledger:Log:{name}", pem);
        try
        {
            return Read($"Ledger:Log:{fileName}", File.ReadAllText(file!));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Ledger:Log:{fileName} cannot be read: {error.Message}", error);
        }
    }

    private static byte[] Read(string setting, string pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == NistP256) return key.ExportPkcs8PrivateKey();
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new SettingException($"{setting} holds no private key in PEM that can be used: {error.Message}", error);
        }
        throw new SettingException($"{setting} is no P-256 key. `openssl ecparam -name prime256v1 -genkey -noout` makes one.");
    }
}
