using System.Globalization;
using Ledger.Api.Commands;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;

namespace Ledger.Api.Native.Records;

/// <summary>Registers or revises records: up to 5,000 in one JSON body and one transaction, or any number as NDJSON, batch by batch.</summary>
internal static class PostRecords
{
    private sealed record Answer(IReadOnlyList<RecordResult> Results, RecordCounts Counts);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/records", HandleAsync).RequireScope("records:write")
        .WithSummary("Register or revise records")
        .WithDescription("""
            An upsert by `id`: a record that is new is registered, one with other content revised, one sent again is left alone. Each record is answered by itself, in the order sent;
            one that is rejected does not stop the others. All accepted records of a JSON body are durable when the answer arrives.

            As `application/x-ndjson` (one record per line, any number of lines, at most 1 MiB each) records are registered in batches while the body arrives. The answer is NDJSON too: one result per
            line of input, written once its batch is durable, and at the end one line with the counts. Read the answer while you send, or ask for less by `Prefer: return=minimal`, which leaves
            out all results but the rejected ones. If the connection breaks, send the rest (or everything) again: what is registered already comes back as `unchanged`.
            """)
        .WithRequestExample(RecordExamples.Body).WithRequestExample(RecordExamples.Lines, "application/x-ndjson")
        .WithHeader("Prefer", "`return=minimal`: of an NDJSON body, report only rejected records and the counts.", "return=minimal")
        .WithResponseExample(200, "One result per record, and how many there are of each.", RecordExamples.Results)
        .WithResponseExample(200, "", RecordExamples.ResultLines, "application/x-ndjson")
        .WithErrors(400);

    private static async Task<IResult> HandleAsync(HttpContext context, RegisterRecords register, CancellationToken cancellationToken)
    {
        if (NdjsonLines.IsNdjson(context.Request)) return new NdjsonRegistration(register);
        using var body = await JsonBody.ReadAsync(context, JsonLimits.NativeRecords);
        if (body.Fault is { } fault) return new FaultResult(fault);
        var faults = new JsonFaults();
        var records = JsonMembers.Of(body.Root, faults).RequiredArray("records", 1, RegisterRecords.MaxPerCall);
        if (faults.ToFault() is { } wrong) return new FaultResult(wrong);
        var batch = new RecordBatch();
        var index = 0;
        foreach (var record in records) batch.Add(record, string.Create(CultureInfo.InvariantCulture, $"/records/{index++}"));
        var results = await batch.RegisterAsync(register, CommandContext.Of(context, "native"), cancellationToken);
        var counts = new RecordCounts();
        results.ForEach(counts.Add);
        return NativeJson.Ok(new Answer(results, counts));
    }
}
