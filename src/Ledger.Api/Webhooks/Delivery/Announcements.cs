using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Api.Native;
using Ledger.Domain;
using Ledger.Domain.Jobs;
using Ledger.Projections.Webhooks;

namespace Ledger.Api.Webhooks.Delivery;

/// <summary>The bodies of deliveries, each in its partner's spelling.</summary>
internal static class Announcements
{
    /// <summary>Ids in one delivery: one query by ids covers them.</summary>
    public const int MaxRecords = 500;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] RecordsReady(IEnumerable<string> recordIds, string companyId) => Write(json =>
    {
        json.WriteString("event_type", WebhookEventTypes.RecordReadyForExport);
        json.WriteStartArray("accountingRecordIds");
        foreach (var id in recordIds) json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteString("companyId", companyId);
    });

    /// <returns>Null for a batch of accounting exports: nobody is waiting to be told of it.</returns>
    public static byte[]? JobCreated(WebhookFact fact, int expiresIn)
    {
        if (EventTypes.Deserialize(fact.Type, fact.Data!) is not JobEvent.JobCreated { Origin: JobOrigin.ExportJobs } job) return null;
        return Write(json =>
        {
            json.WriteString("eventType", WebhookEventTypes.ExportJobCreated);
            json.WriteString("eventId", fact.EventId);
            json.WriteStartObject("data");
            json.WriteString("id", fact.StreamId[StreamIds.JobPrefix.Length..]);
            json.WriteString("companyId", fact.TenantId);
            json.WriteString("status", "pending");
            json.WriteNumber("numberOfItems", job.NumberOfItems);
            json.WriteString("createdAt", NativeJson.Text(fact.RecordedAt));
            if (job.CreatedBy is { } user) json.WriteString("createdBy", user);
            else json.WriteNull("createdBy");
            json.WriteNumber("expiresIn", expiresIn);
            json.WriteEndObject();
        });
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }
}
