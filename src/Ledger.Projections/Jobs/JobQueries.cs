using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Jobs;

/// <summary>Questions about jobs other than one job by its id.</summary>
public class JobQueries(NpgsqlDataSource dataSource)
{
    /// <returns>The tenant's unfinished job of the export-jobs API; at most one exists.</returns>
    public virtual async Task<JobId?> UnfinishedAsync(string tenantId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(tenantId, "select job_id from ledger.jobs where tenant_id = $1 and origin = 'export_jobs' and status in ('pending', 'in_progress')");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId });
        return await command.ExecuteScalarAsync(cancellationToken) is Guid job ? new JobId(job) : null;
    }
}
