using Ledger.Domain;
using Npgsql;

namespace Ledger.Projections.Past;

/// <summary>
/// The records that, or whose items in one system, may have changed after a position, in the order of their numbers. When they are few they are all looked up by time and sorted;
/// when they are many, the records are walked by number, and the next one is never far.
/// </summary>
internal sealed class ChangedSince
{
    /// <summary>Numbers kept at most: 160 kB.</summary>
    internal const int Few = 20_000;

    // What was registered after the position was in no answer then. It counts as looked at all the same.
    private const string Records = "select number, registered_at from ledger.records where tenant_id = $1 and changed_at >= $2 limit $3";

    private const string Items = "select number from ledger.items where tenant_id = $1 and system_id = $4 and changed_at >= $2 limit $3";

    private const string ByNumbers = "select number, record_id from ledger.records where tenant_id = $1 and number = any ($2) order by number";

    private const string Walk = """
        select r.number, r.record_id
          from (select number, record_id, changed_at, registered_at from ledger.records where tenant_id = $1 and number > $2 and number <= $3 order by number offset 0) r
          left join lateral (select changed_at from ledger.items where tenant_id = $1 and system_id = $4 and record_id = r.record_id offset 0) i on true
         where r.registered_at <= $6 and (r.changed_at >= $5 or i.changed_at >= $5) order by r.number limit $7
        """;

    private readonly PastSnapshot _snapshot;
    private readonly SystemId _system;
    private readonly long[]? _numbers;

    private ChangedSince(PastSnapshot snapshot, SystemId system, long[]? numbers) => (_snapshot, _system, _numbers) = (snapshot, system, numbers);

    /// <param name="few">How many count as few.</param>
    public static async Task<ChangedSince> OfAsync(PastSnapshot snapshot, SystemId system, int few, CancellationToken cancellationToken)
    {
        NpgsqlParameter[] Parameters() => [PastSnapshot.Time(snapshot.ChangedFrom), new NpgsqlParameter<int> { TypedValue = few + 1 }];
        var records = await snapshot.ListAsync(Records, row => (Number: row.GetInt64(0), RegisteredAt: row.GetDateTime(1)), cancellationToken, Parameters());
        if (records.Count > few) return new(snapshot, system, null);
        var items = await snapshot.ListAsync(Items, row => row.GetInt64(0), cancellationToken, [.. Parameters(), new NpgsqlParameter<string> { TypedValue = system.Value }]);
        if (items.Count > few) return new(snapshot, system, null);
        long[] numbers = [.. records.Where(record => record.RegisteredAt <= snapshot.Latest).Select(record => record.Number).Concat(items).Distinct()];
        Array.Sort(numbers);
        return new(snapshot, system, numbers);
    }

    /// <summary>The next ones with numbers after <paramref name="after"/> up to <paramref name="last"/>; fewer than the limit means that these are all.</summary>
    public Task<List<(long Number, RecordId Record)>> NextAsync(long after, long last, int limit, CancellationToken cancellationToken)
    {
        static (long, RecordId) Read(NpgsqlDataReader row) => (row.GetInt64(0), new(row.GetString(1)));
        if (_numbers is null)
        {
            return _snapshot.ListAsync(Walk, Read, cancellationToken, new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = last },
                new NpgsqlParameter<string> { TypedValue = _system.Value }, PastSnapshot.Time(_snapshot.ChangedFrom), PastSnapshot.Time(_snapshot.Latest), new NpgsqlParameter<int> { TypedValue = limit });
        }
        var start = Array.BinarySearch(_numbers, after) is >= 0 and var found ? found + 1 : ~Array.BinarySearch(_numbers, after);
        long[] next = [.. _numbers.Skip(start).TakeWhile(number => number <= last).Take(limit)];
        return next.Length == 0 ? Task.FromResult(new List<(long, RecordId)>()) : _snapshot.ListAsync(ByNumbers, Read, cancellationToken, new NpgsqlParameter<long[]> { TypedValue = next });
    }
}
