using Ledger.Api.Dialects.ExportJobs.Paging;
using Ledger.Api.Errors;
using Ledger.Api.Input;
using Ledger.Api.Security;

namespace Ledger.Api.Dialects.ExportJobs;

/// <summary>The company of this contract is the tenant. A credential covers one, so naming it filters nothing and naming another is forbidden.</summary>
internal static class CompanyFilter
{
    /// <returns>Why the company named in the query is refused; null when there is none or it is the credential's.</returns>
    public static Fault? Read(IQueryCollection query, LedgerClient client, JsonFaults faults)
    {
        if (PageRequest.Single(query, "company_id", faults) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var company)) return Check(company, client);
        faults.Add("?company_id", "Must be a UUID.");
        return null;
    }

    public static Fault? Check(Guid company, LedgerClient client) =>
        string.Equals(company.ToString("D"), client.TenantId, StringComparison.OrdinalIgnoreCase) ? null : ExportJobsErrors.OtherCompany;
}
