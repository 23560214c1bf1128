using System.Collections.Concurrent;
using Ledger.Domain;
using Ledger.Projections.Gathering;
using Npgsql;

namespace Ledger.Projections.Items;

/// <summary>A small load that waits for its round trip.</summary>
internal sealed class WaitingLoad<TKey>(string tenantId, SystemId system, IReadOnlyCollection<TKey> keys) : Waiting<Dictionary<TKey, ItemSnapshot>> where TKey : notnull
{
    public string TenantId => tenantId;
    public SystemId System => system;
    public IReadOnlyCollection<TKey> Keys => keys;
}

/// <summary>Small loads of one tenant that come at the same time and ask about the same system become one question. Each is asked after its caller came, so it sees all that was durable then.</summary>
internal sealed class GatheredLoads<TKey>(Func<string, SystemId, IReadOnlyCollection<TKey>, CancellationToken, Task<Dictionary<TKey, ItemSnapshot>>> load) where TKey : notnull
{
    /// <summary>Keys of a load that gains from company.</summary>
    private const int MaxKeysToShare = 20;

    private const int MaxKeysPerGroup = 200;

    // One question costs as much as some twenty of its keys: what comes while one is asked joins the next.
    private static readonly GatheringRules Rules = new(MaxWaiting: 1_000, GroupsAtOnce: 2, Worthwhile: 24, Linger: TimeSpan.FromMilliseconds(20), Patience: TimeSpan.FromSeconds(10));

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <exception cref="CrowdedException">Nothing was read.</exception>
    public Task<Dictionary<TKey, ItemSnapshot>> LoadAsync(string tenantId, SystemId system, IReadOnlyCollection<TKey> keys, CancellationToken cancellationToken) =>
        keys.Count > MaxKeysToShare
            ? load(tenantId, system, keys, cancellationToken)
            : _lanes.GetOrAdd(tenantId, static (_, load) => new(load), load).RunAsync(new(tenantId, system, keys), cancellationToken);

    private sealed class Lane(Func<string, SystemId, IReadOnlyCollection<TKey>, CancellationToken, Task<Dictionary<TKey, ItemSnapshot>>> load)
        : GatheringQueue<WaitingLoad<TKey>, Dictionary<TKey, ItemSnapshot>, List<WaitingLoad<TKey>>>(Rules)
    {
        protected override List<WaitingLoad<TKey>> Take(LinkedList<WaitingLoad<TKey>> waiting)
        {
            var group = new List<WaitingLoad<TKey>>(waiting.Count);
            var keys = 0;
            for (var node = waiting.First; node is not null;)
            {
                var (one, next) = (node.Value, node.Next);
                if (group.Count == 0 || (!group[0].Alone && !one.Alone && one.System == group[0].System && keys + one.Keys.Count <= MaxKeysPerGroup))
                {
                    group.Add(one);
                    keys += one.Keys.Count;
                    waiting.Remove(node);
                }
                node = next;
            }
            return group;
        }

        protected override ExecutionContext? ContextOf(List<WaitingLoad<TKey>> group) => group[0].Context;

        protected override async Task<IReadOnlyList<WaitingLoad<TKey>>> CarryOutAsync(List<WaitingLoad<TKey>> group)
        {
            var first = group[0];
            try
            {
                var found = await load(first.TenantId, first.System, group.Count == 1 ? first.Keys : group.SelectMany(one => one.Keys).ToHashSet(), CancellationToken.None);
                foreach (var one in group) one.TrySetResult(group.Count == 1 ? found : Own(one, found));
                return [];
            }
            // A key that PostgreSQL will not take is its owner's alone.
            catch (Exception error) when (group.Count > 1 && error is PostgresException { InvariantSeverity: "ERROR" } or ArgumentException)
            {
                foreach (var one in group) one.Alone = true;
                return group;
            }
            catch (Exception error)
            {
                foreach (var one in group) one.TrySetException(error);
                return [];
            }
        }

        private static Dictionary<TKey, ItemSnapshot> Own(WaitingLoad<TKey> one, Dictionary<TKey, ItemSnapshot> found)
        {
            var own = new Dictionary<TKey, ItemSnapshot>(one.Keys.Count);
            foreach (var key in one.Keys)
            {
                if (found.TryGetValue(key, out var snapshot)) own[key] = snapshot;
            }
            return own;
        }
    }
}
