using System.Globalization;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Items;

/// <summary>Both ends belong to it; null is open.</summary>
public readonly record struct TimeRun(DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Where to look for the records a condition keeps: every one of them was created in one of some runs of time, or updated in one of others.</summary>
public sealed record RecordTimes(IReadOnlyList<TimeRun> Created, IReadOnlyList<TimeRun> Updated)
{
    /// <summary>A run costs its way down the index, as much as some entries of it.</summary>
    private const int EntriesPerRun = 4;

    private bool MayHoldFew(long most) => (Created.Count + Updated.Count) * EntriesPerRun <= most;

    /// <returns>The numbers of the records to look at, in order; null: none of the ways leads to so few.</returns>
    internal static async Task<long[]?> FindAsync(NpgsqlConnection connection, string tenantId, IEnumerable<RecordTimes> ways, long after, long most, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Tenancy.ActFor(tenantId) } };
        foreach (var way in ways.Where(way => way.MayHoldFew(most))) batch.BatchCommands.Add(way.Find(tenantId, after, most));
        if (batch.BatchCommands.Count == 1) return null;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        long[]? fewest = null;
        do
        {
            await reader.ReadAsync(cancellationToken);
            if (!reader.IsDBNull(0) && reader.GetFieldValue<long[]>(0) is var numbers && (fewest is null || numbers.Length < fewest.Length)) fewest = numbers;
        }
        while (await reader.NextResultAsync(cancellationToken));
        return fewest;
    }

    private NpgsqlBatchCommand Find(string tenantId, long after, long most) =>
        new("select ledger.numbers_within($1, $2::text[]::timestamptz[], $3::text[]::timestamptz[], $4::text[]::timestamptz[], $5::text[]::timestamptz[], $6, $7)")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = tenantId },
                Times(Created, run => run.From, "-infinity"), Times(Created, run => run.To, "infinity"), Times(Updated, run => run.From, "-infinity"), Times(Updated, run => run.To, "infinity"),
                new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = most },
            },
        };

    // As text: Npgsql takes the first and the last DateTime for -infinity and infinity.
    private static NpgsqlParameter<string[]> Times(IReadOnlyList<TimeRun> runs, Func<TimeRun, DateTimeOffset?> end, string open) => new()
    {
        TypedValue = [.. runs.Select(run => end(run)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) ?? open)],
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };
}
