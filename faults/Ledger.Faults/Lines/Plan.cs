namespace Ledger.Faults.Lines;

/// <summary>How much of everything, and on what.</summary>
/// <param name="Assembly">Path of <c>Ledger.Api.dll</c>.</param>
/// <param name="Clients">Clients that ask at once, shared by two tenants.</param>
/// <param name="IsQuick">A few of each fault, as in <c>./test</c>; else the counts of the whole campaign.</param>
/// <param name="Faults">So many of each fault instead; null: as many as the line wants.</param>
internal sealed record Plan(string Assembly, int Seed, int Clients, bool IsQuick, int? Faults)
{
    /// <summary>How often to inject a fault.</summary>
    public int Times(int quick, int full) => Faults ?? (IsQuick ? quick : full);

    /// <summary>How much of something that is no fault: it does not follow <see cref="Faults"/>.</summary>
    public int Size(int quick, int full) => IsQuick ? quick : full;

    /// <summary>The same draws in every run with this seed.</summary>
    public Random Random() => new(Seed);

    /// <summary>Opens a site, loads it while <paramref name="faults"/> breaks it, and judges what is left.</summary>
    /// <param name="faults">Answers how many faults it injected.</param>
    public async Task<Result> LoadAsync(Setting setting, Func<Site, Task<int>> faults)
    {
        await using var site = await Site.OpenAsync(this, setting);
        return await site.RunAsync(this, setting, faults);
    }

    /// <summary>The same, for a fault that is injected again and again in one way.</summary>
    public Task<Result> LoadAsync(Setting setting, int times, Func<Site, Task> fault) => LoadAsync(setting, async site =>
    {
        for (var time = 0; time < times; time++) await fault(site);
        return times;
    });
}
