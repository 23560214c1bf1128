namespace Ledger.Simulation.Tests.Clients;

/// <summary>What the clients of one run are going to ask: a few records, systems and tenants, so that they get in each other's way.</summary>
internal static class Plan
{
    public const int Clients = 5;
    private const int Requests = 60;
    private static readonly string[] Tenants = ["north", "south"];
    private static readonly string[] Systems = ["erp", "dms"];
    private static readonly string[] Records = ["1", "2", "r-3", "r-4"];

    public static IReadOnlyList<Planned> Draw(int seed)
    {
        var random = new Random(seed);
        var plan = Tenants.Select((tenant, number) => new Planned(number, number, tenant, false, new Request.Register(string.Join(',', Records), true, 0))).ToList();
        // Every third run is about one record of one tenant, where requests wait for each other in threes and fours.
        var (records, tenants) = seed % 3 == 0 ? (Records[..1], 1) : (Records, 2);
        while (plan.Count < Requests) plan.Add(new(plan.Count, random.Next(Clients), Tenants[random.Next(tenants)], random.Next(10) < 7, Draw(random, records)));
        return plan;
    }

    private static Request Draw(Random random, string[] known)
    {
        string One() => known[random.Next(known.Length)];
        string System() => Systems[random.Next(4) / 3];
        bool Coin() => random.Next(2) == 0;
        string Some()
        {
            var records = known.ToArray();
            random.Shuffle(records);
            return string.Join(',', records.Take(1 + random.Next(3)));
        }
        return random.Next(40) switch
        {
            < 2 => new Request.Register(Some(), random.Next(4) > 0, random.Next(3)),
            < 5 => new Request.ChangeStage(One(), random.Next(3) > 0),
            < 6 => new Request.Withdraw(One()),
            < 8 => new Request.Mark(System(), Some()),
            < 11 => new Request.Report(System(), Some(), Coin()),
            < 14 => new Request.ReportAll(System(), Some(), Coin()),
            < 17 => new Request.Reopen(System(), Some()),
            < 21 => new Request.OpenExport(System(), One(), Coin()),
            < 24 => new Request.Finish(random.Next(4), Coin()),
            < 26 => new Request.Cancel(random.Next(4)),
            < 29 => new Request.OpenJob(System(), Some(), random.Next(3) > 0, Coin()),
            < 32 => new Request.MoveJob(random.Next(2), random.Next(5) switch { 0 => "start", 1 or 2 => "complete", 3 => "fail", _ => "look" }),
            < 35 => new Request.UpdateItems(random.Next(2), Some(), Coin()),
            < 36 => new Request.Connect(Coin() ? "erp" : "dms"),
            < 37 => new Request.MoveIntegration(random.Next(2), Coin()),
            < 39 => new Request.Look(System(), Some()),
            _ => random.Next(3) == 0 ? new Request.Wait() : new Request.Look(System(), Some()),
        };
    }
}
