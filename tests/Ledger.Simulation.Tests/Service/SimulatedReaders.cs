using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Projections.Integrations;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Records;
using Ledger.Projections.Systems;
using Ledger.Simulation.Tests.Database;

namespace Ledger.Simulation.Tests.Service;

internal sealed class SimulatedRecordStates(Link link) : RecordStates(Link.NoServer)
{
    public override Task<Dictionary<RecordId, RecordSnapshot>> LoadAsync(string tenantId, IReadOnlyCollection<RecordId> records, CancellationToken cancellationToken) => link.AskAsync(() =>
    {
        var rows = link.Database.Read(tenantId);
        return records.Where(rows.Records.ContainsKey).Distinct().ToDictionary(id => id, id => new RecordSnapshot(id, rows.Records[id]));
    });

    public override Task<(HashSet<long> Numbers, HashSet<Guid> Uuids)> TakenAsync(string tenantId, IReadOnlyCollection<long> numbers, IReadOnlyCollection<Guid> uuids, CancellationToken cancellationToken) =>
        link.AskAsync(() =>
        {
            var known = link.Database.Read(tenantId).Records.Values.ToList();
            return (known.Select(record => record.Number).Intersect(numbers).ToHashSet(), known.Select(record => record.Uuid).Intersect(uuids).ToHashSet());
        });

    public override Task<long> DrawNumbersAsync(string tenantId, int count, CancellationToken cancellationToken) => link.AskAsync(() => link.Database.DrawNumbers(count));
}

internal sealed class SimulatedItemStates(Link link) : ItemStates(Link.NoServer)
{
    public override Task<Dictionary<RecordId, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<RecordId> records, CancellationToken cancellationToken) =>
        LoadAsync(tenantId, system, item => records.Contains(item.RecordId), item => item.RecordId);

    public override Task<Dictionary<long, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken) =>
        LoadAsync(tenantId, system, item => numbers.Contains(item.Record.Number), item => item.Record.Number);

    public override Task<Dictionary<Guid, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<Guid> uuids, CancellationToken cancellationToken) =>
        LoadAsync(tenantId, system, item => uuids.Contains(item.Record.Uuid), item => item.Record.Uuid);

    public override Task<Dictionary<RecordId, ItemSnapshot>> OpenInJobAsync(string tenantId, SystemId system, JobId job, CancellationToken cancellationToken) =>
        LoadAsync(tenantId, system, item => item.Item.OpenAttempt?.JobId == job, item => item.RecordId);

    public static ItemSnapshot Snapshot(Rows rows, SystemId system, RecordId record) => new(system, record, rows.Records[record], rows.Items.GetValueOrDefault((system, record), ItemState.Untouched));

    private Task<Dictionary<TKey, ItemSnapshot>> LoadAsync<TKey>(string tenantId, SystemId system, Func<ItemSnapshot, bool> isAsked, Func<ItemSnapshot, TKey> key) where TKey : notnull => link.AskAsync(() =>
    {
        var rows = link.Database.Read(tenantId);
        return rows.Records.Keys.Select(record => Snapshot(rows, system, record)).Where(isAsked).ToDictionary(key);
    });
}

internal sealed class SimulatedJobStates(Link link) : JobStates(Link.NoServer)
{
    public override Task<(JobSnapshot? Job, DateTimeOffset Now)> LoadAsync(string tenantId, JobId job, CancellationToken cancellationToken) => link.AskAsync(() => Load(link, tenantId, job));

    public static (JobSnapshot? Job, DateTimeOffset Now) Load(Link link, string tenantId, JobId job)
    {
        var rows = link.Database.Read(tenantId);
        return (rows.Jobs.ContainsKey(job) ? rows.Snapshot(job) : null, link.World.Now);
    }
}

internal sealed class SimulatedJobItemStates(Link link) : JobItemStates(Link.NoServer)
{
    public override Task<(JobSnapshot? Job, DateTimeOffset Now, Dictionary<Guid, JobItemSnapshot> Items)> LoadAsync(
        string tenantId, JobId job, IReadOnlyCollection<Guid> records, CancellationToken cancellationToken) => link.AskAsync(() =>
    {
        var rows = link.Database.Read(tenantId);
        var (snapshot, now) = rows.Jobs.ContainsKey(job) ? (rows.Snapshot(job), link.World.Now) : (null, link.World.Now);
        var own = rows.Attempts.Values.Where(row => row.Attempt.JobId == job && records.Contains(rows.Records[row.Record].Uuid))
            .ToDictionary(row => rows.Records[row.Record].Uuid, row => new JobItemSnapshot(SimulatedItemStates.Snapshot(rows, row.System, row.Record), row.Attempt));
        return (snapshot, now, own);
    });
}

internal sealed class SimulatedJobQueries(Link link) : JobQueries(Link.NoServer)
{
    public override Task<JobId?> UnfinishedAsync(string tenantId, CancellationToken cancellationToken) => link.AskAsync<JobId?>(() =>
        link.Database.Read(tenantId).Jobs.Where(job => job.Value is { IsFinished: false, Origin: Domain.Jobs.JobOrigin.ExportJobs }).Select(job => (JobId?)job.Key).FirstOrDefault());
}

internal sealed class SimulatedAttempts(Link link) : AttemptPages(Link.NoServer)
{
    public override Task<AttemptView?> FindAsync(string tenantId, AttemptId attempt, CancellationToken cancellationToken) => link.AskAsync(() =>
    {
        var rows = link.Database.Read(tenantId);
        return rows.Attempts.TryGetValue(attempt, out var row) ? new AttemptView(row.System, row.Record, row.Attempt, row.Attempt.JobId is { } job ? rows.Jobs[job].BatchId : null) : null;
    });
}

internal sealed class SimulatedSystems(Link link) : SystemRegistry(Link.NoServer)
{
    public override async ValueTask EnsureKnownAsync(string tenantId, SystemId system, CancellationToken cancellationToken) => await link.AskAsync(() => true);
}

internal sealed class SimulatedIntegrations(Link link) : IntegrationQueries(Link.NoServer)
{
    public override Task<IntegrationSnapshot?> ActiveAsync(string tenantId, CancellationToken cancellationToken) => link.AskAsync(() => Active(link.Database.Read(tenantId)));

    public override Task<(IntegrationSnapshot? Asked, IntegrationSnapshot? Active)> LoadAsync(string tenantId, IntegrationId id, CancellationToken cancellationToken) => link.AskAsync(() =>
    {
        var rows = link.Database.Read(tenantId);
        return (rows.Integrations.TryGetValue(id, out var state) ? new IntegrationSnapshot(id, state) : null, Active(rows));
    });

    private static IntegrationSnapshot? Active(Rows rows) => rows.Integrations.Where(row => row.Value.Active).Select(row => new IntegrationSnapshot(row.Key, row.Value)).FirstOrDefault();
}
