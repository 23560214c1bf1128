using System.Globalization;
using Ledger.Api.Commands;
using Ledger.Api.Dialects.ExportJobs.Objects;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.Projections.Items;
using Ledger.Projections.Jobs;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary><c>POST /v3/export-jobs</c>: puts entries into a job for the system configured for the calling client.</summary>
internal static class CreateJob
{
    private sealed record Request(Guid CompanyId, IReadOnlyList<Guid> Entries, Guid? EmployeeId, bool IsInteractive, bool VendorBasedBookkeeping);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/v3/export-jobs", HandleAsync)
        .WithName("createExportJobV3").WithSummary("Create an export job")
        .WithDescription("Puts 1 to 10,000 accounting entries into a job for the target system of the calling client. A company has one unfinished job at a time.")
        .WithRequestExample(Examples.Create)
        .WithResponseExample(201, "The job; it is pending.", Examples.Job).WithResponseMembers(201, EveryMember.Job)
        .WithMissingContraAccounts()
        .WithResponseExample(409, "The company has an unfinished job, or one of the entries is being exported elsewhere.", """{"type":"EXPORT_ALREADY_IN_PROGRESS","message":"Company has an unfinished export job."}""");

    private static async Task<IResult> HandleAsync(
        HttpContext context, LedgerClient client, OpenJob open, JobExpiry expiry, ContraAccounts contraAccounts, CancellationToken cancellationToken)
    {
        using var body = await JsonBody.ReadAsync(context, JsonLimits.Dialect);
        if (body.Fault is { } malformed) return new FaultResult(malformed);
        var faults = new JsonFaults();
        var request = Read(JsonMembers.Of(body.Root, faults), faults);
        if (faults.ToFault() is { } invalid) return new FaultResult(invalid);
        if (CompanyFilter.Check(request.CompanyId, client) is { } otherCompany) return new FaultResult(otherCompany);
        if (await UnmappedAsync(contraAccounts, client.TenantId, request, cancellationToken) is { } unmapped) return new FaultResult(unmapped);

        var command = CommandContext.Of(context, ExportJobsDialect.Name);
        var create = new JobCommand.Create(new SystemId(client.SystemId), JobOrigin.ExportJobs, request.EmployeeId, request.IsInteractive, request.VendorBasedBookkeeping, request.Entries.Count, BatchId: null);
        var (job, inTheWay, refused) = await OpenAsync();
        if (inTheWay is { } other)
        {
            // The job in the way may have been silent for too long: then it ends here, and the way is free.
            if (await expiry.LoadAsync(command, other, cancellationToken) is { State.IsFinished: false }) return new FaultResult(ExportJobsErrors.AlreadyInProgress);
            (job, inTheWay, refused) = await OpenAsync();
        }
        if (refused.Count > 0) return new FaultResult(Refused(refused));
        if (job is null) return new FaultResult(ExportJobsErrors.AlreadyInProgress);
        var created = Created(create, job);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("data");
            JobObject.Write(json, created, client.TenantId, expiry.Seconds);
            json.WriteEndObject();
        }, StatusCodes.Status201Created);

        Task<(OpenedJob? Job, JobId? InTheWay, IReadOnlyList<RefusedItem> Refused)> OpenAsync() => open.HandleAsync(command, create, LoadAsync, againIfExported: true, started: false, cancellationToken);

        async Task<IReadOnlyList<ItemSnapshot?>> LoadAsync(ItemStates states, CancellationToken token)
        {
            var known = await states.LoadAsync(client.TenantId, create.SystemId, request.Entries, token);
            return [.. request.Entries.Select(known.GetValueOrDefault)];
        }
    }

    private static Request Read(JsonMembers members, JsonFaults faults)
    {
        var company = members.RequiredUuid("companyId");
        var entries = EntryIds.Read(members, faults);
        var options = members.OptionalObject("options");
        if (entries.Count > JobDecider.MaxItems) members.Fault("accountingEntryIds", string.Create(CultureInfo.InvariantCulture, $"A job holds at most {JobDecider.MaxItems} entries."));
        return new(company ?? default, entries, members.OptionalUuid("employeeId"), members.OptionalBoolean("isInteractive") ?? true, options.OptionalBoolean("vendorBasedBookkeeping") ?? false);
    }

    // Told from what was decided and the time it was recorded: with an idempotency key it is not written yet when it is answered.
    private static JobSnapshot Created(JobCommand.Create create, OpenedJob job)
    {
        var created = new JobEvent.JobCreated(create.SystemId, create.Origin, create.CreatedBy, create.IsInteractive, create.VendorBasedBookkeeping, job.Exports.Count, create.BatchId);
        return new(job.Id, JobDecider.Evolve(JobState.None, created, job.CreatedAt), JobCounts.None with { Pending = job.Exports.Count }, job.CreatedAt);
    }

    private static async Task<Fault?> UnmappedAsync(ContraAccounts contraAccounts, string tenantId, Request request, CancellationToken cancellationToken)
    {
        var currencies = MissingContraAccounts.Currencies(await contraAccounts.AmongAsync(tenantId, request.Entries, cancellationToken));
        return currencies.Count > 0 ? ExportJobsErrors.MissingContraAccounts(currencies) : null;
    }

    // What is wrong with the list is said before what only has to be waited for.
    private static Fault Refused(IReadOnlyList<RefusedItem> refused)
    {
        var wrong = refused.Where(item => item.Reason is not Refusal.AttemptOpen).ToList();
        if (wrong.Count == 0) return ExportJobsErrors.AlreadyInProgress with { Message = $"{refused.Count} of the entries are being exported at the moment." };
        var faults = new JsonFaults();
        foreach (var item in wrong)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"/accountingEntryIds/{item.Index}"), item.Reason is Refusal.RecordNotReady ? "Is not ready for export." : "Is no accounting entry of the company.");
        return faults.ToFault()!;
    }
}
