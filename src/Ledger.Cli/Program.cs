using System.Text;
using Ledger.Cli;
using Ledger.Cli.Terminal;

// SAF-T files should be UTF-8; those written by older systems name windows-1252 in their XML declaration.
Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
return await LedgerTool.RunAsync(args, ToolHost.OfThisProcess());
