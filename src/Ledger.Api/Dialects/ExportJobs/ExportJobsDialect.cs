using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Security;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>The export-jobs API, version 3: a partner works through batches of entries and reports on each. docs/export-jobs.md tells what differs from the original.</summary>
internal static class ExportJobsDialect
{
    /// <summary>As it stands in the events.</summary>
    public const string Name = "export_jobs";

    private static readonly Fault Contended = Fault.Unavailable with { Message = "The job is being changed by others at the moment. Try again shortly." };

    public static IServiceCollection AddExportJobs(this IServiceCollection services) => services
        .AddSingleton<CursorKey>().AddForRequests<JobPages>().AddForRequests<JobItemPages>().AddForRequests<JobRecordPages>().AddForRequests<ContraAccounts>();

    public static void MapExportJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithErrorShape(ExportJobsErrors.Shape).WithGroupName("export-jobs").AddEndpointFilter(AnswerContentionAsync);
        ListJobs.Map(group).RequireScope("export-jobs:read");
        CreateJob.Map(group).RequireScope("export-jobs:write");
        GetJob.Map(group).RequireScope("export-jobs:read");
        ListJobItems.Map(group).RequireScope("export-jobs:read");
        UpdateItems.Map(group).RequireScope("export-jobs:write");
        CreateJobEvent.Map(group).RequireScope("export-jobs:write");
        FindJobItem.Map(group).RequireScope("export-jobs:read");
        SearchJobItems.Map(group).RequireScope("export-jobs:read");
        ListExportItems.Map(group).RequireScope("export-items:read");
    }

    private static async ValueTask<object?> AnswerContentionAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ContentionException)
        {
            return new FaultResult(Contended);
        }
    }
}
