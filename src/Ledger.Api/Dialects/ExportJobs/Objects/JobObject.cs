using System.Text.Json;
using Ledger.Projections.Jobs;

namespace Ledger.Api.Dialects.ExportJobs.Objects;

/// <summary>Writes <c>ExportJobV3</c>.</summary>
internal static class JobObject
{
    /// <param name="companyId">The tenant.</param>
    /// <param name="expiresIn">Seconds a job may be silent.</param>
    public static void Write(Utf8JsonWriter json, JobSnapshot job, string companyId, int expiresIn)
    {
        var state = job.State;
        json.WriteStartObject();
        json.WriteString("id", job.Id.Value);
        json.WriteString("companyId", companyId);
        json.WriteString("status", Words.Of(state.Status));
        json.WriteTime("createdAt", state.CreatedAt);
        if (state.CreatedBy is { } user) json.WriteString("createdBy", user);
        else json.WriteNull("createdBy");
        json.WriteBoolean("isInteractive", state.IsInteractive);
        json.WriteNumber("numberOfItems", state.NumberOfItems);
        json.WriteBoolean("vendorBasedBookkeeping", state.VendorBasedBookkeeping);
        json.WriteNumber("expiresIn", expiresIn);
        json.WriteTime("startedAt", state.StartedAt);
        json.WriteTime("lastUpdatedAt", job.LastUpdatedAt);
        json.WriteTime("completedAt", state.CompletedAt);
        json.WriteTime("expiredAt", state.ExpiredAt);
        json.WriteString("failureReason", state.FailureReason);
        json.WriteString("failureReasonType", state.FailureType);
        json.WriteEndObject();
    }
}
