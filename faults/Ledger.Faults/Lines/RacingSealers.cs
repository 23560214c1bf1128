using Ledger.EventStore.Sealing;

namespace Ledger.Faults.Lines;

/// <summary>F7: beside the service's own sealer, others claim its office all the time and go on sealing until they are fenced off. Only one of them may ever number an event.</summary>
internal static class RacingSealers
{
    private const int Contenders = 4;

    public static Line Line { get; } = new("F7 sealers claim the office from each other", async plan =>
    {
        var (claims, fenced, numbered) = (0, 0, 0);
        List<string> wrong = [];
        var result = await plan.LoadAsync(new() { Nodes = 2 }, async site =>
        {
            var (most, before) = (plan.Times(quick: 200, full: 10_000), await site.ScalarAsync<long>("select epoch from ledger.sealer"));
            await Task.WhenAll(Enumerable.Range(0, Contenders).Select(async _ =>
            {
                while (Interlocked.Increment(ref claims) <= most)
                {
                    var sealer = await Sealer.LeadAsync(site.DataSource);
                    try
                    {
                        // Whoever has lost the office finds out in the transaction that would have numbered something.
                        for (var look = 0; look < 20; look++) Interlocked.Add(ref numbered, await sealer.SealAsync(limit: 100));
                    }
                    catch (SealerFencedException)
                    {
                        Interlocked.Increment(ref fenced);
                    }
                }
            }));
            claims = most;
            // The service's own nodes claim it, too.
            var epochs = await site.ScalarAsync<long>("select epoch from ledger.sealer") - before;
            if (epochs < most) wrong.Add($"{most} claims were told {epochs} epochs");
            return most;
        });
        return result with
        {
            Wrong = [.. result.Wrong, .. wrong],
            Remarks = [.. result.Remarks, $"{claims:N0} claims, each with an epoch of its own; {fenced:N0} former owners were refused when they tried to go on, and every event has one position"],
        };
    });
}
