using System.Globalization;

namespace Ledger.Projections.Rebuild;

/// <summary>A row that the replay of the events and a read model do not have in common. A changed row is two of them: missing as it should be, unexpected as it is.</summary>
/// <param name="Kind"><c>missing</c>: the replay has it; <c>unexpected</c>: the read model has it.</param>
/// <param name="Row">As JSON, keys and all.</param>
/// <param name="LastPosition">The last sealed event that bears on the row: from that position on it should have been as the replay has it. Null: none does.</param>
public sealed record DifferingRow(string Kind, string Row, long? LastPosition)
{
    public override string ToString() =>
        $"{Kind} {Row}" + (LastPosition is { } position ? string.Create(CultureInfo.InvariantCulture, $" (last event at position {position})") : "");

    /// <summary>SQL: the streams a row (<c>d.row</c>, jsonb) is folded from. Sums over a system are folded from all of the tenant's.</summary>
    internal static string StreamsOf(string name) => name switch
    {
        "records" => $"array[{Record}]",
        "items" or "attempts" => $"array[{Item}]",
        "pending" => $"array[{Item}, {Record}]",
        "jobs" => """
            array(select 'job/' || (d.row ->> 'job_id')
                  union all
                  select 'item/' || replace(replace(a.system_id, '%', '%25'), '/', '%2F') || '/' || a.record_id
                    from replay_attempts a where a.tenant_id = d.row ->> 'tenant_id' and a.job_id = (d.row ->> 'job_id')::uuid
                  union all
                  select 'item/' || replace(replace(a.system_id, '%', '%25'), '/', '%2F') || '/' || a.record_id
                    from ledger.attempts a where a.tenant_id = d.row ->> 'tenant_id' and a.job_id = (d.row ->> 'job_id')::uuid
                     and not exists (select from kept_attempts k where k.tenant_id = a.tenant_id and k.attempt_id = a.attempt_id))
            """,
        "integrations" => "array['integration/' || (d.row ->> 'integration_id')]",
        _ => "null::varchar[]",
    };

    private const string Record = "'record/' || (d.row ->> 'record_id')";

    private const string Item = "'item/' || replace(replace(d.row ->> 'system_id', '%', '%25'), '/', '%2F') || '/' || (d.row ->> 'record_id')";
}
