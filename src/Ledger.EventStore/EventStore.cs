using Npgsql;

namespace Ledger.EventStore;

/// <summary>Appends events and reads streams. Knows no event type: bodies are JSON bytes, types are names.</summary>
/// <param name="testClock">Replaces PostgreSQL's clock for recorded times; only tests give one.</param>
/// <param name="requests">Where one tenant's streams are appended to and read, see <see cref="LedgerDataSource.CreateForRequests"/>; null: <paramref name="dataSource"/>.</param>
public partial class EventStore(NpgsqlDataSource dataSource, TimeProvider? testClock = null, NpgsqlDataSource? requests = null)
{
    /// <summary>SQLSTATE of <c>ledger.begin_append</c>'s refusal.</summary>
    private const string WrongVersion = "LV001";

    /// <summary>Streams one append may touch: the 10,000 items of a job, as many records held still, the job's own, and some room.</summary>
    public const int MaxStreamsPerAppend = 25_000;

    /// <summary>Raised after each durable append, so that a sealer in the same process need not wait for its next poll.</summary>
    public event Action? Appended;

    public NpgsqlDataSource DataSource => dataSource;

    /// <summary>For statements of one tenant: see <see cref="Tenancy"/>.</summary>
    public NpgsqlDataSource Requests { get; } = requests ?? dataSource;

    /// <summary>The time an override would record now; null in production, where PostgreSQL's clock decides.</summary>
    public DateTimeOffset? ClockOverride => testClock?.GetUtcNow();

    /// <summary>
    /// Appends to any number of streams, all or nothing, in one round trip and one transaction. Rows are locked in stream
    /// order, so overlapping appends wait for each other and never deadlock.
    /// </summary>
    /// <param name="streams">1 to <see cref="MaxStreamsPerAppend"/>, each stream once, at least one event in all.</param>
    /// <param name="inline">
    /// Adds the writes of inline read models to the batch it is given, which may happen twice. They run after the events, in the same transaction; <c>ledger.recorded_at()</c>
    /// is the recorded time and <c>ledger.at_commit('infinity')</c> becomes it.
    /// </param>
    /// <param name="recordedAt">The recorded time to use, taken from <see cref="NowAsync"/>, when it must be known before the append; null: the time of the append.</param>
    /// <exception cref="PostgresException">Refused, an inline write for example; nothing was written.</exception>
    /// <exception cref="NpgsqlException">The outcome is unknown: it may have committed. Retry with the same event ids.</exception>
    /// <exception cref="OperationCanceledException">The same.</exception>
    public Task<AppendResult> AppendAsync(
        string tenantId, EventMetadata metadata, IReadOnlyList<StreamAppend> streams, Action<NpgsqlBatch>? inline = null, DateTimeOffset? recordedAt = null,
        CancellationToken cancellationToken = default) =>
        AppendAsync(tenantId, [new(metadata, streams)], inline, recordedAt, cancellationToken);

    /// <summary>
    /// The same for several writers at once: all of their parts or none. A stream may be in one part only, unless all parts that name it
    /// merely hold it, at the same version.
    /// </summary>
    /// <param name="parts">Their events are inserted in this order.</param>
    public virtual async Task<AppendResult> AppendAsync(
        string tenantId, IReadOnlyList<AppendPart> parts, Action<NpgsqlBatch>? inline = null, DateTimeOffset? recordedAt = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await Requests.OpenConnectionAsync(cancellationToken);
        for (var firstTime = true; ; firstTime = false)
        {
            try
            {
                var time = await WriteAsync(connection, AppendCommand.Create(tenantId, parts, ClockOverride ?? recordedAt), inline, cancellationToken);
                Appended?.Invoke();
                return new AppendResult.Appended(time);
            }
            catch (PostgresException error) when (error.SqlState is WrongVersion or PostgresErrorCodes.UniqueViolation && error.SchemaName is null or "ledger")
            {
                var conflicts = await ConflictsAsync(connection, tenantId, [.. parts.SelectMany(part => part.Streams)], cancellationToken);
                if (conflicts.Count > 0) return new AppendResult.Conflict(conflicts);
                // A stream that was behind its expected version has reached it meanwhile. From here on it can only be ahead, so
                // a second refusal shows its conflicts. Otherwise it was not a version: the caller's inline write is at fault.
                if (error.SqlState != WrongVersion || !firstTime) throw;
            }
            // A value that PostgreSQL refuses before it has described the result leaves Npgsql with a statement it takes for prepared and cannot
            // read (npgsql/npgsql#6391): whoever got this connection next would fail, too.
            catch (PostgresException) when (connection.State == System.Data.ConnectionState.Open)
            {
                connection.UnprepareAll();
                throw;
            }
        }
    }

    /// <summary>PostgreSQL's clock, or the override.</summary>
    public virtual async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default)
    {
        if (ClockOverride is { } given) return given;
        await using var command = dataSource.CreateCommand("select clock_timestamp()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    private static async Task<DateTimeOffset> WriteAsync(NpgsqlConnection connection, NpgsqlBatchCommand append, Action<NpgsqlBatch>? inline, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(append);
        inline?.Invoke(batch);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var recordedAt = reader.GetFieldValue<DateTimeOffset>(0);
        // Reading on to the end surfaces an error of any later statement: only then is everything committed.
        while (await reader.NextResultAsync(cancellationToken)) { }
        return recordedAt;
    }

    // Versions only grow, so whatever made the append fail still shows here.
    private static async Task<List<VersionConflict>> ConflictsAsync(NpgsqlConnection connection, string tenantId, List<StreamAppend> streams, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Tenancy.ActFor(tenantId));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select distinct i.id, i.expected, coalesce(s.version, 0)
              from unnest($2::varchar[], $3::bigint[]) as i (id, expected)
              left join ledger.mt_streams s on s.tenant_id = $1 and s.id = i.id
             where coalesce(s.version, 0) <> i.expected
             order by i.id
            """)
        {
            Parameters =
            {
                new() { Value = tenantId },
                new() { Value = streams.Select(stream => stream.StreamId).ToArray() },
                new() { Value = streams.Select(stream => stream.ExpectedVersion).ToArray() },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var conflicts = new List<VersionConflict>();
        while (await reader.ReadAsync(cancellationToken)) conflicts.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        return conflicts;
    }
}
