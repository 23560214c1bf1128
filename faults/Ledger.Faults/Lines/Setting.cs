namespace Ledger.Faults.Lines;

/// <summary>What a line needs to be set up.</summary>
internal sealed record Setting
{
    /// <summary>Environment variables of each process of the service on the one database: as many processes as entries.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Environments { get; init; } = [new Dictionary<string, string>()];

    /// <summary>Processes of the service on one database, all alike.</summary>
    public int Nodes { get => Environments.Count; init => Environments = [.. Enumerable.Range(0, value).Select(_ => new Dictionary<string, string>())]; }

    /// <summary>Whether the nodes reach PostgreSQL through a <see cref="Machines.FaultProxy"/>.</summary>
    public bool IsProxied { get; init; }

    /// <summary>Whether a second PostgreSQL follows the first.</summary>
    public bool IsFollowed { get; init; }

    /// <summary>Settings of PostgreSQL, <c>name=value</c>.</summary>
    public string[] Server { get; init; } = [];

    /// <summary>Every request is sent two or three times at once, to any node.</summary>
    public bool Repeats { get; init; }

    /// <summary>A connection for each request: a server that stops may close an idle one just when a request is sent on it.</summary>
    public bool FreshConnections { get; init; }

    /// <summary>Size of the file system PostgreSQL is on, in megabytes; null: the machine's own.</summary>
    public int? Megabytes { get; init; }
}
