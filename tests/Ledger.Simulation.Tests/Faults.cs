namespace Ledger.Simulation.Tests;

/// <summary>How often what goes wrong goes wrong, in thousandths: per message or per step of the world.</summary>
internal static class Faults
{
    /// <summary>A message to the database never arrives, or its answer never comes back; the service learns that the connection broke.</summary>
    public const int BrokenConnection = 6;

    /// <summary>A request is delivered a second time, at some other moment and perhaps by another node.</summary>
    public const int DuplicatedRequest = 200;

    /// <summary>Per step: one node is killed, whatever it is waiting for, and another is started in its place.</summary>
    public const int KilledNode = 4;

    /// <summary>Per step: the database is killed and started again.</summary>
    public const int KilledDatabase = 1;

    /// <summary>Per step: a sealer looks for work, so seldom that events pile up in any order.</summary>
    public const int WokenSealer = 30;
}
