using Ledger.Projections.Writing;

namespace Ledger.Api.Hosting;

/// <summary>Section <c>Ledger</c> of the configuration. An unknown or malformed member stops the start.</summary>
public sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>Makes the two demo tenants with their published credentials. Never on a server others can reach.</summary>
    public bool Demo { get; set; }

    /// <summary>With <see cref="Demo"/>: whether an empty demo tenant gets demo records.</summary>
    public bool DemoRecords { get; set; } = true;

    /// <summary>Seconds without a report after which an export job expires.</summary>
    public int JobExpirySeconds { get; set; } = 3600;

    /// <summary>Lets webhooks go to http addresses and to private and loopback ones. For development.</summary>
    public bool WebhooksAllowPrivate { get; set; }

    /// <summary>Requests a second one client may send to this node, 1 to 1,000,000; beyond it 429.</summary>
    public int RequestsPerSecond { get; set; } = 2_000;

    /// <summary>Requests one client may send at once after a pause, 1 to 1,000,000.</summary>
    public int RequestBurst { get; set; } = 4_000;

    /// <summary>Seconds for which a service that was told to stop still takes new connections while it says that it is not ready, 0 to 300. It waits only while a connection is open.</summary>
    public int DrainSeconds { get; set; } = 3;

    /// <summary>Seconds after which a service that was told to stop breaks off what is still under way, 1 to 300. It has ended 3 seconds later.</summary>
    public int StopSeconds { get; set; } = 25;

    /// <summary>Whether requests run as a role that row-level security holds for, see docs/adr/0020.</summary>
    public RowSecurityMode RowSecurity { get; set; } = RowSecurityMode.Available;

    public LogOptions Log { get; set; } = new();

    /// <summary>Small writes of one tenant that may wait on this node to be begun, 1 to 100,000; beyond it 503.</summary>
    public int MaxWaitingWrites { get; set; } = GroupCommit.DefaultMaxWaiting;

    /// <exception cref="SettingException">Says which setting is wrong and what it may be.</exception>
    public static LedgerOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        RefuseUnknown(section, typeof(LedgerOptions));
        RefuseUnknown(section.GetSection(nameof(Log)), typeof(LogOptions));
        LedgerOptions options;
        try
        {
            options = section.Get<LedgerOptions>() ?? new();
        }
        catch (InvalidOperationException error)
        {
            throw new SettingException($"Configuration section '{Section}': {(error.InnerException ?? error).Message}", error);
        }
        Check(nameof(JobExpirySeconds), options.JobExpirySeconds, 604_800);
        Check(nameof(RequestsPerSecond), options.RequestsPerSecond, 1_000_000);
        Check(nameof(RequestBurst), options.RequestBurst, 1_000_000);
        Check(nameof(MaxWaitingWrites), options.MaxWaitingWrites, 100_000);
        Check(nameof(DrainSeconds), options.DrainSeconds, 300, least: 0);
        Check(nameof(StopSeconds), options.StopSeconds, 300);
        return options;
    }

    private static void RefuseUnknown(IConfigurationSection section, Type options)
    {
        var known = options.GetProperties().Select(property => property.Name).ToList();
        if (section.GetChildren().Select(child => child.Key).Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
            throw new SettingException($"{section.Path}:{unknown} is no setting. Known: {string.Join(", ", known.Select(name => $"{section.Path}:{name}"))}.");
    }

    private static void Check(string name, int value, int most, int least = 1)
    {
        if (value < least || value > most) throw new SettingException($"{Section}:{name} is {value}; it may be {least} to {most}.");
    }
}

/// <summary>Off: never. Available: where the service may make and take the role, else it says so in a warning and in readiness. Required: it does not start without.</summary>
public enum RowSecurityMode { Available, Required, Off }
