using System.Text.Json;
using Ledger.Api.Errors;

namespace Ledger.Api.Webhooks;

/// <summary>The partner's generic error body: a type for machines and a message for people.</summary>
internal sealed class WebhookErrors() : ErrorShape("/v1/webhooks")
{
    public static readonly WebhookErrors Shape = new();

    // This contract knows no 422: a key with another body is a bad request like any other.
    protected override int StatusOf(Fault fault) => fault.Code == "idempotency_key_reused" ? StatusCodes.Status400BadRequest : base.StatusOf(fault);

    protected override void WriteBody(Utf8JsonWriter json, Fault fault, int status, string correlationId)
    {
        json.WriteStartObject();
        json.WriteString("type", fault.Code.ToUpperInvariant());
        json.WriteString("message", fault.Details.Count > 1 ? $"{fault.Message} {string.Join(" ", fault.Details.Select(detail => $"{detail.Pointer}: {detail.Message}"))}" : fault.Message);
        json.WriteEndObject();
    }
}
