using Ledger.EventStore;
using Ledger.Projections.Writing;
using Npgsql;

namespace Ledger.Api.Commands;

/// <summary>Others kept changing the same streams; nothing was written. The caller may send the same request again.</summary>
public sealed class ContentionException() : Exception($"The same records were changed by others {CommandRunner.MaxAttempts} times in a row.");

/// <summary>
/// Runs commands: load, decide, append. A command that lost a race loads and decides again, a bounded number of times;
/// what the loser then sees is what it must answer with.
/// </summary>
public sealed class CommandRunner(EventStore.EventStore store, LostRace? race = null, GroupCommit? commits = null)
{
    public const int MaxAttempts = 12;

    private readonly LostRace _race = race ?? new();
    private readonly GroupCommit _commits = commits ?? new(store);

    /// <param name="decide">
    /// Loads what it needs, puts what it decides into the write, and gives back how to answer once the write is durable.
    /// Called again from the start after a lost race. The argument of the answer is the recorded time, null if nothing was written.
    /// </param>
    /// <exception cref="ContentionException">Still losing after <see cref="MaxAttempts"/>.</exception>
    public async Task<TAnswer> RunAsync<TAnswer>(
        CommandContext context, Func<LedgerWrite, CancellationToken, Task<Func<DateTimeOffset?, TAnswer>>> decide, CancellationToken cancellationToken)
    {
        if (context.Deferred is { } deferred)
        {
            // With an idempotency key, one write and the rendered answer are committed together, by whoever holds the key.
            var waiting = new LedgerWrite(context.TenantId);
            var rendered = await decide(waiting, cancellationToken);
            return waiting.IsEmpty ? rendered(null) : rendered(deferred.Take(waiting, context.Metadata));
        }
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var write = new LedgerWrite(context.TenantId);
            var answer = await decide(write, cancellationToken);
            if (write.IsEmpty) return answer(null);
            try
            {
                if (await _commits.CommitAsync(write, context.Metadata, cancellationToken) is AppendResult.Appended appended) return answer(appended.RecordedAt);
            }
            // A unique index of a read model had the last word (one active integration, one unfinished job, one owner of a
            // number): the next decision sees the winner.
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation) { }
            await _race.PauseAsync(attempt, cancellationToken);
        }
        throw new ContentionException();
    }
}
