using System.Diagnostics;
using Npgsql;

namespace Ledger.Projections.Rebuild;

/// <summary>What one part of a rebuild took.</summary>
/// <param name="Rows">Read, folded or compared in it.</param>
/// <param name="Processor">Of this process, all its threads.</param>
/// <param name="Database">Of the rebuild's own PostgreSQL sessions; null where nobody can tell.</param>
public sealed record RebuildPhase(string Name, long Rows, TimeSpan Elapsed, TimeSpan Processor, TimeSpan? Database);

/// <summary>Takes the time of the parts of a rebuild, which follow one another.</summary>
/// <param name="sessionProcessor">Processor time of a PostgreSQL session by its process id, where it can be known: on the same machine.</param>
internal sealed class RebuildPhases(Func<int, TimeSpan>? sessionProcessor)
{
    private readonly List<RebuildPhase> _phases = [];
    private readonly HashSet<int> _sessions = [];

    public IReadOnlyList<RebuildPhase> All => _phases;

    public void Watch(NpgsqlConnection session) => _sessions.Add(session.ProcessID);

    /// <param name="work">Answers with how many rows it was about.</param>
    public async Task<long> RunAsync(string name, Func<Task<long>> work)
    {
        var (started, own, sessions) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, Sessions());
        var rows = await work();
        _phases.Add(new(name, rows, Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - own, Sessions() - sessions));
        return rows;
    }

    private TimeSpan? Sessions() => sessionProcessor is null ? null : _sessions.Aggregate(TimeSpan.Zero, (sum, session) => sum + sessionProcessor(session));
}
