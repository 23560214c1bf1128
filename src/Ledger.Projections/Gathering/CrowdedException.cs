namespace Ledger.Projections.Gathering;

/// <summary>Too much of the same tenant's work is waiting, or this has waited too long. It was not begun: nothing is read or written, and the same request may be sent again.</summary>
public sealed class CrowdedException() : Exception("Too many requests of this tenant are waiting for the database.");
