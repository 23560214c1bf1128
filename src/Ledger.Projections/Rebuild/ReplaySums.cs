using Ledger.Domain.Items;

namespace Ledger.Projections.Rebuild;

/// <summary>A target system of a tenant. Its queue holds every record when <paramref name="OfferedThrough"/> is null, else those up to it and whatever happened above it since.</summary>
internal sealed record KnownSystem(string Id, long? OfferedThrough);

/// <summary>What is summed up over many files: a system's counts, its blocks of numbers, a job's attempts. Partial sums go into tables of their own, where PostgreSQL adds them up.</summary>
internal sealed class ReplaySums
{
    public const string CreateTables = """
        drop table if exists pg_temp.replay_system_sums; create temporary table replay_system_sums (tenant_id varchar, system_id varchar, offered bigint, exported bigint, failed bigint);
        drop table if exists pg_temp.replay_block_sums; create temporary table replay_block_sums (tenant_id varchar, system_id varchar, block bigint, newest timestamptz);
        drop table if exists pg_temp.replay_job_sums; create temporary table replay_job_sums
          (tenant_id varchar, job_id uuid, changed_at timestamptz, pending bigint, in_progress bigint, successful bigint, failed bigint, abandoned bigint, cancelled bigint);
        """;

    /// <summary>Sums in hand: whatever the numbers of systems, jobs and blocks, the memory for them ends here.</summary>
    private const int Most = 200_000;
    private const int BlockBits = 6;
    private const int Statuses = 6;

    private readonly Dictionary<(string Tenant, string System), SystemSum> _systems = [];
    private readonly Dictionary<(string Tenant, Guid Job), JobSum> _jobs = [];
    private readonly CopyRows _systemRows = new(), _blockRows = new(), _jobRows = new();
    private SystemSum? _last;
    private int _blocks;

    public bool AreMany => _systems.Count + _jobs.Count + _blocks > Most;

    public void Offer(string tenant, string system) => Of(tenant, system).Offered++;

    public void Add(string tenant, string system, long number, ItemState item)
    {
        var sum = Of(tenant, system);
        if (item.IsFailed) sum.Failed++;
        if (item.ExportedSince is not { } since) return;
        sum.Exported++;
        if (!sum.Blocks.TryGetValue(number >> BlockBits, out var newest)) _blocks++;
        else if (newest >= since) return;
        sum.Blocks[number >> BlockBits] = since;
    }

    public void Add(string tenant, Attempt attempt)
    {
        if (attempt.JobId is not { } job) return;
        if (!_jobs.TryGetValue((tenant, job.Value), out var sum)) _jobs.Add((tenant, job.Value), sum = new());
        sum.Counts[(int)attempt.Status]++;
        if (attempt.ChangedAt > sum.ChangedAt) sum.ChangedAt = attempt.ChangedAt;
    }

    /// <summary>The tables and what is to be copied into them; the sums begin anew.</summary>
    public IEnumerable<(string Table, string Columns, CopyRows Rows)> Tables()
    {
        foreach (var ((tenant, system), sum) in _systems)
        {
            _systemRows.Start(5);
            _systemRows.Text(tenant);
            _systemRows.Text(system);
            _systemRows.Long(sum.Offered);
            _systemRows.Long(sum.Exported);
            _systemRows.Long(sum.Failed);
            foreach (var (block, newest) in sum.Blocks)
            {
                _blockRows.Start(4);
                _blockRows.Text(tenant);
                _blockRows.Text(system);
                _blockRows.Long(block);
                _blockRows.Time(newest);
            }
        }
        foreach (var ((tenant, job), sum) in _jobs)
        {
            _jobRows.Start(3 + Statuses);
            _jobRows.Text(tenant);
            _jobRows.Guid(job);
            _jobRows.Time(sum.ChangedAt);
            foreach (var count in sum.Counts) _jobRows.Long(count);
        }
        _systems.Clear();
        _jobs.Clear();
        (_last, _blocks) = (null, 0);
        return
        [
            ("replay_system_sums", "tenant_id, system_id, offered, exported, failed", _systemRows), ("replay_block_sums", "tenant_id, system_id, block, newest", _blockRows),
            ("replay_job_sums", "tenant_id, job_id, changed_at, pending, in_progress, successful, failed, abandoned, cancelled", _jobRows),
        ];
    }

    // Neighbours are often of one system.
    private SystemSum Of(string tenant, string system)
    {
        if (_last is { } last && last.Tenant == tenant && last.System == system) return last;
        if (!_systems.TryGetValue((tenant, system), out var sum)) _systems.Add((tenant, system), sum = new(tenant, system));
        return _last = sum;
    }

    private sealed class SystemSum(string tenant, string system)
    {
        public string Tenant => tenant;
        public string System => system;
        public long Offered { get; set; }
        public long Exported { get; set; }
        public long Failed { get; set; }
        public Dictionary<long, DateTimeOffset> Blocks { get; } = [];
    }

    /// <summary>Counts in the order of <see cref="AttemptStatus"/>.</summary>
    private sealed class JobSum
    {
        public long[] Counts { get; } = new long[Statuses];
        public DateTimeOffset ChangedAt { get; set; }
    }
}
