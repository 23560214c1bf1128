using Ledger.Domain;

namespace Ledger.Simulation.Tests.Clients;

/// <summary>What a client is going to ask. Lists are written with commas, so that a history reads as it prints.</summary>
internal abstract record Request
{
    public sealed record Register(string Records, bool Ready, int Content) : Request;

    public sealed record ChangeStage(string Record, bool Ready) : Request;

    public sealed record Withdraw(string Record) : Request;

    public sealed record Mark(string System, string Records) : Request;

    public sealed record Report(string System, string Records, bool Success) : Request;

    /// <summary>All of them or none.</summary>
    public sealed record ReportAll(string System, string Records, bool Success) : Request;

    public sealed record Reopen(string System, string Records) : Request;

    public sealed record OpenExport(string System, string Record, bool Again) : Request;

    /// <summary>Of the attempts the client knows, counted from the latest.</summary>
    public sealed record Finish(int Nth, bool Success) : Request;

    public sealed record Cancel(int Nth) : Request;

    public sealed record OpenJob(string System, string Records, bool OfExportJobs, bool Started) : Request;

    /// <summary><c>start</c>, <c>complete</c>, <c>fail</c>, or <c>look</c>, which ends what should have ended by now.</summary>
    public sealed record MoveJob(int Nth, string Word) : Request;

    public sealed record UpdateItems(int Nth, string Records, bool Success) : Request;

    public sealed record Connect(string Vendor) : Request;

    public sealed record MoveIntegration(int Nth, bool Reactivate) : Request;

    public sealed record Look(string System, string Records) : Request;

    /// <summary>Nothing happens for an hour.</summary>
    public sealed record Wait : Request;

    private Request() { }
}

/// <summary>One request of one client.</summary>
/// <param name="Key">Whether it carries an idempotency key.</param>
internal sealed record Planned(int Number, int Client, string TenantId, bool Key, Request Request);

/// <summary>A request with the ids that its client knew when it was sent: the same for every retry.</summary>
internal sealed record Sent(Planned Planned, AttemptId? Attempt, JobId? Job, IntegrationId? Integration);
