using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Jobs;

/// <summary>Conditions on jobs, ANDed; null does not restrict.</summary>
public sealed record JobFilter(JobStatus? Status = null, SystemId? System = null, JobOrigin? Origin = null);

/// <summary>Pages of the tenant's jobs of every origin, newest first.</summary>
public sealed class JobListing(NpgsqlDataSource dataSource)
{
    /// <param name="before">The last job of the page before.</param>
    public async Task<List<JobSnapshot>> ListAsync(string tenantId, JobFilter filter, (DateTimeOffset CreatedAt, JobId Id)? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, $"""
            select {JobStates.Columns} from ledger.jobs j
             where j.tenant_id = $1 and (j.created_at, j.job_id) < ($2, $3)
               and ($4::varchar is null or j.status = $4) and ($5::varchar is null or j.system_id = $5) and ($6::varchar is null or j.origin = $6)
             order by j.created_at desc, j.job_id desc limit $7
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before?.CreatedAt.UtcDateTime ?? DateTime.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = before?.Id.Value ?? Guid.AllBitsSet });
        command.Parameters.Add(Text(filter.Status is { } status ? ReadModels.Name(status) : null));
        command.Parameters.Add(Text(filter.System?.Value));
        command.Parameters.Add(Text(filter.Origin is { } origin ? ReadModels.Name(origin) : null));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<JobSnapshot>();
        while (await reader.ReadAsync(cancellationToken)) jobs.Add(JobStates.Snapshot(reader));
        return jobs;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };
}
