using Ledger.Domain;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;
using static Ledger.Projections.Writing.Parameters;

namespace Ledger.Projections.Timelines;

/// <param name="After">Position to start after; 0: from the first event.</param>
/// <param name="UpTo">Leaves out events after this position, and those without one.</param>
public sealed record TimelineQuestion(string TenantId, long After, long? UpTo, int Limit);

/// <param name="Next">Position to go on after; null at the end.</param>
public sealed record TimelinePage(IReadOnlyList<RecordedEvent> Events, long? Next);

/// <summary>
/// Histories of a record or a job: the events of several streams merged by position. Events not sealed yet come last,
/// and only on the last page: a page that others follow ends at a position.
/// </summary>
public sealed class TimelinePages(NpgsqlDataSource dataSource)
{
    private static readonly TimeSpan SealingPatience = TimeSpan.FromSeconds(5);

    private const string Conditions = "and (p.position > $2 or p.position is null) and ($3::bigint is null or p.position <= $3)";

    // Both streams are known by name. Each is asked for by itself: joined to a list of names, a plan made before there are statistics reads all of the tenant's history.
    private const string OfItem = $"""
        select {EventStore.EventStore.Columns}
          from (select * from ledger.mt_events where tenant_id = $1 and stream_id = $5 union all select * from ledger.mt_events where tenant_id = $1 and stream_id = $6) e
          left join ledger.event_positions p on p.seq_id = e.seq_id
         where true {Conditions} order by p.position nulls last, e.seq_id limit $4
        """;

    // A record's item streams: one look into the primary key per system of the tenant.
    private const string OfRecord = $"""
        with streams as materialized (
          select $5::varchar as stream_id
          union all
          select 'item/' || replace(replace(i.system_id, '%', '%25'), '/', '%2F') || '/' || i.record_id
            from ledger.systems s join ledger.items i on i.tenant_id = s.tenant_id and i.system_id = s.system_id and i.record_id = $6
           where s.tenant_id = $1)
        select {EventStore.EventStore.Columns}
          from streams t join ledger.mt_events e on e.tenant_id = $1 and e.stream_id = t.stream_id left join ledger.event_positions p on p.seq_id = e.seq_id
         where true {Conditions} order by p.position nulls last, e.seq_id limit $4
        """;

    // Of a job's records, only the events that speak of the job's own attempts. Row by row: the name of a stream is put together from a row, and PostgreSQL takes
    // no such expression to an index together with the tables' policies (docs/adr/0020).
    private const string OfJob = $"""
        select * from (
          select {EventStore.EventStore.Columns}
            from ledger.mt_events e left join ledger.event_positions p on p.seq_id = e.seq_id
           where e.tenant_id = $1 and e.stream_id = $5 {Conditions}
          union all
          select {EventStore.EventStore.Columns}
            from (select $7 || record_id as stream_id, lpad(to_hex(attempt_id), 16, '0') as attempt from ledger.attempts where tenant_id = $1 and job_id = $6 offset 0) a
           cross join lateral (select * from ledger.mt_events where tenant_id = $1 and stream_id = a.stream_id and data ->> 'attemptId' = a.attempt offset 0) e
            left join lateral (select position from ledger.event_positions where seq_id = e.seq_id offset 0) p on true
           where true {Conditions}) e
         order by position nulls last, seq_id limit $4
        """;

    /// <param name="system">Leaves out other systems; the record's own events stay.</param>
    public Task<TimelinePage> OfRecordAsync(TimelineQuestion question, RecordId record, SystemId? system, CancellationToken cancellationToken) =>
        PageAsync(system is null ? OfRecord : OfItem, question,
            () => [Text(StreamIds.Of(record)), Text(system is { } one ? StreamIds.Of(one, record) : record.Value)], cancellationToken);

    /// <param name="system">The job's own.</param>
    public Task<TimelinePage> OfJobAsync(TimelineQuestion question, JobId job, SystemId system, CancellationToken cancellationToken) =>
        PageAsync(OfJob, question,
            () => [Text(StreamIds.Of(job)), new NpgsqlParameter<Guid> { TypedValue = job.Value }, Text(StreamIds.Of(system, new RecordId("")))], cancellationToken);

    private async Task<TimelinePage> PageAsync(string sql, TimelineQuestion question, Func<NpgsqlParameter[]> own, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ;)
        {
            var events = await ReadAsync(sql, question, own(), cancellationToken);
            if (events.Count <= question.Limit) return new(events, null);
            var last = events.FindLastIndex(question.Limit - 1, @event => @event.Position is not null);
            if (last >= 0) return new(events.GetRange(0, last + 1), events[last].Position);
            // More than a page is not sealed yet: its order is not decided. That takes milliseconds.
            if (waited > SealingPatience) throw new TimeoutException("Events are not sealed.");
            await Task.Delay(25, cancellationToken);
            waited += TimeSpan.FromMilliseconds(25);
        }
    }

    private async Task<List<RecordedEvent>> ReadAsync(string sql, TimelineQuestion question, NpgsqlParameter[] own, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(question.TenantId, sql);
        command.Parameters.Add(Text(question.TenantId));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = question.After });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)question.UpTo ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = question.Limit + 1 });
        command.Parameters.AddRange(own);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(cancellationToken)) events.Add(EventStore.EventStore.Recorded(reader));
        return events;
    }
}
