using Ledger.Domain.Jobs;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Jobs.JobCommand;
using static Ledger.Domain.Jobs.JobEvent;

namespace Ledger.Domain.Tests.Jobs;

/// <summary>The words in which tests speak of a job.</summary>
internal static class AJob
{
    public static readonly Rules<JobCommand, JobState, JobEvent> Rules = new(JobState.None, JobDecider.Decide, JobDecider.Evolve);

    public static Situation<JobCommand, JobState, JobEvent> Given(params JobEvent[] past) => Rules.Given(past);

    public static readonly Guid Employee = Guid.Parse("c2b7e6d0-41fa-4a93-b8de-0f1a2c3d4e5f");

    public static Create Creation { get; } = new(new("erp"), JobOrigin.ExportJobs, Employee, IsInteractive: true, VendorBasedBookkeeping: true, 3, BatchId: null);
    public static JobCreated Created { get; } = new(new("erp"), JobOrigin.ExportJobs, Employee, true, true, 3, null);
    public static JobCreated BatchCreated { get; } = new(new("erp"), JobOrigin.AccountingExports, null, false, false, 3, "batch_0123456789abcdef");
    public static JobStarted Started { get; } = new();
    public static JobCompleted Completed { get; } = new(WithErrors: false);
    public static JobCompleted CompletedWithErrors { get; } = new(WithErrors: true);
    public static JobFailed Failed { get; } = new("accounting_system_unreachable", "Ledger API did not answer.", Expired: false);
}
