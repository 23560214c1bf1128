using System.Text;

namespace Ledger.Faults.Fuzzing;

/// <summary>A request on its way to being spoiled.</summary>
/// <param name="Target">Path and query, already escaped.</param>
/// <param name="Body">Null: none.</param>
internal sealed record Request(string Method, string Target, byte[]? Body)
{
    public string Version { get; init; } = "HTTP/1.1";

    public string MediaType { get; init; } = "application/json";

    public List<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Accepting it would be wrong, whatever it is answered.</summary>
    public bool MustBeRefused { get; init; }

    /// <summary>Broken below the contracts: the server may end the connection, and its answer needs no contract's shape.</summary>
    public bool IsTransport { get; init; }

    /// <summary>What was done to it.</summary>
    public string What { get; init; } = "";

    public byte[] ToBytes(string authorization, string correlationId)
    {
        var head = new StringBuilder().Append(Method).Append(' ').Append(Target).Append(' ').Append(Version).Append("\r\nHost: ledger\r\n");
        if (authorization.Length > 0) head.Append("Authorization: ").Append(authorization).Append("\r\n");
        head.Append("X-Correlation-Id: ").Append(correlationId).Append("\r\n");
        if (Body is not null && MediaType.Length > 0 && !Has("Content-Type")) head.Append("Content-Type: ").Append(MediaType).Append("\r\n");
        if (Body is not null && !Has("Content-Length") && !Has("Transfer-Encoding")) head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];
    }

    /// <summary>Short enough to be read, long enough to be sent again.</summary>
    public string Describe()
    {
        var text = Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 400)));
        return $"{Method} {(Target.Length > 300 ? $"{Target[..300]}… ({Target.Length})" : Target)}{string.Concat(Headers.Select(header => $" [{header.Name}: {(header.Value.Length > 60 ? header.Value[..60] + "…" : header.Value)}]"))} {text}{(Body?.Length > 400 ? $"… ({Body.Length} bytes)" : "")} ({What})";
    }

    private bool Has(string name) => Headers.Exists(header => header.Name == name);
}
