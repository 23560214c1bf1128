using Ledger.Api.Dialects.AccountingEntries;
using Ledger.Api.Dialects.AccountingExports;
using Ledger.Api.Dialects.AccountingRecords;
using Ledger.Api.Dialects.ExportJobs;
using Ledger.Api.Errors;
using Ledger.Api.Hosting;
using Ledger.Api.Hosting.Draining;
using Ledger.Api.Idempotency;
using Ledger.Api.Native;
using Ledger.Api.OpenApi;
using Ledger.Api.Security;
using Ledger.Api.Webhooks;

var builder = WebApplication.CreateBuilder(args);
builder.AddLedger().AddDrain();
builder.Services.AddLedgerErrors().AddLedgerDocuments();
builder.Services.AddExportJobs();
builder.AddLedgerSecurity();
builder.Services.AddNative();
builder.Services.AddWebhooks();

var app = builder.Build();
app.UseDrain().UseLedgerErrors().UseLedgerDocuments();
app.UseLedgerSecurity();
app.UseMiddleware<IdempotencyMiddleware>();
app.MapOAuth();
app.MapHealth();
app.MapAccountingEntries();
app.MapAccountingExports();
app.MapAccountingRecords();
app.MapExportJobs();
app.MapNative();
app.MapWebhooks();
try
{
    await LedgerStart.PrepareAsync(app.Services);
}
catch (Exception error) when (StartFailure.Explain(error) is { } reason)
{
    await Console.Error.WriteLineAsync($"export-ledger cannot start: {reason}");
    return 1;
}
app.Run();
return 0;

public partial class Program;
