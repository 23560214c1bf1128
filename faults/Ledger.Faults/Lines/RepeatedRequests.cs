namespace Ledger.Faults.Lines;

/// <summary>F10: every request is sent two or three times at once, to two nodes; now and then its key comes with another body.</summary>
internal static class RepeatedRequests
{
    public static Line Line { get; } = new("F10 every request two or three times", async plan =>
    {
        var result = await plan.LoadAsync(new() { Nodes = 2, Repeats = true }, async site =>
        {
            await site.ProgressAsync(100 * plan.Times(quick: 2, full: 1_000));
            return site.Tenants.Sum(tenant => tenant.Log.Operations().GroupBy(operation => operation.Request).Sum(request => request.Count() - 1));
        });
        return result with { Remarks = [.. result.Remarks, $"{result.Sent:N0} requests were sent"] };
    });
}
