using System.Globalization;
using Ledger.Api.Input;
using Ledger.Domain;
using Ledger.Domain.Records;
using Ledger.Projections.Records;

namespace Ledger.Api.Dialects.AccountingRecords;

/// <summary>The query string of <c>GET /v3/accounting/records</c>. Unknown parameters are ignored; a known one that cannot be read is a fault, because ignoring a filter widens the answer.</summary>
internal sealed record RecordQuery(
    IReadOnlyList<RecordId>? Ids, ReviewStatus? Status, IReadOnlyCollection<SourceType>? Sources, DateTimeOffset? From, DateTimeOffset? Before, bool SingleEntry, int Limit, string? Cursor)
{
    public const int MaxIds = 500;
    private const int MaxLimit = 1_000;
    private const int DefaultLimit = 100;
    private const string UpdatedAt = "updated_at";

    public static RecordQuery Parse(IQueryCollection sent, JsonFaults faults)
    {
        var status = Word<ReviewStatus>(sent, "review_status", RecordWords.StatusWords, RecordWords.TryStatus, faults);
        var sources = Word<SourceType[]>(sent, "source_type", RecordWords.SourceWords, RecordWords.TrySources, faults);
        if (status.Given && sources.Value is [SourceType.Bill, ..]) faults.Add("?review_status", "review_status cannot be combined with source_type BILL.");
        var (from, before) = Range(sent, faults);
        return new(
            ReadIds(sent, faults), status.Given ? status.Value : null,
            // Bills have no review: a review status speaks of the other two alone.
            sources.Value ?? (status.Given ? [SourceType.Card, SourceType.Other, SourceType.Reimbursement] : null),
            from, before, Boolean(sent, "single_entry", faults), ReadLimit(sent, faults), Once(sent, "cursor", faults));
    }

    public static bool Boolean(IQueryCollection sent, string name, JsonFaults faults)
    {
        switch (Once(sent, name, faults))
        {
            case "true": return true;
            case null or "false": return false;
            default:
                faults.Add($"?{name}", "Must be true or false.");
                return false;
        }
    }

    private static string? Once(IQueryCollection sent, string name, JsonFaults faults)
    {
        var values = sent[name];
        if (values.Count <= 1) return values.Count == 0 ? null : values[0];
        faults.Add($"?{name}", "Must be given once.");
        return null;
    }

    private delegate bool Reader<T>(string word, out T? value);

    private static (bool Given, T? Value) Word<T>(IQueryCollection sent, string name, IReadOnlyCollection<string> words, Reader<T> read, JsonFaults faults)
    {
        if (Once(sent, name, faults) is not { } word) return default;
        if (read(word, out var value)) return (true, value);
        faults.Add($"?{name}", $"Must be one of: {string.Join(", ", words)}.");
        return default;
    }

    // Counted as sent: an id given twice counts twice. One that cannot be a record's id is unknown, and unknown ids are left out.
    private static List<RecordId>? ReadIds(IQueryCollection sent, JsonFaults faults)
    {
        var values = sent["ids"];
        if (values.Count == 0) return null;
        if (values.Count > MaxIds) faults.Add("?ids", $"At most {MaxIds} ids may be given.");
        if (values.Contains("")) faults.Add("?ids", "Must not be empty.");
        var ids = new HashSet<RecordId>();
        foreach (var value in values)
            if (value is not null && PathIds.TryRecord(value, out var id)) ids.Add(id.Value);
        return [.. ids];
    }

    private static int ReadLimit(IQueryCollection sent, JsonFaults faults)
    {
        if (Once(sent, "limit", faults) is not { } text) return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit) return limit;
        faults.Add("?limit", $"Must be a whole number from 1 to {MaxLimit}.");
        return DefaultLimit;
    }

    // Stored times are whole microseconds, so "after T" is "from the next one": every range is half open.
    private static (DateTimeOffset? From, DateTimeOffset? Before) Range(IQueryCollection sent, JsonFaults faults)
    {
        DateTimeOffset? from = null, before = null;
        foreach (var name in sent.Keys.Where(key => key.StartsWith(UpdatedAt, StringComparison.OrdinalIgnoreCase)))
        {
            switch (name[UpdatedAt.Length..].ToLowerInvariant())
            {
                case "[gt]": from = Later(from, Next(Time(sent, name, faults))); break;
                case "[gte]": from = Later(from, Time(sent, name, faults)); break;
                case "[lt]": before = Earlier(before, Time(sent, name, faults)); break;
                case "[lte]": before = Earlier(before, Next(Time(sent, name, faults))); break;
                case "": case ['[', ..]: faults.Add($"?{name}", "Must be updated_at[gt], updated_at[gte], updated_at[lt] or updated_at[lte]."); break;
                default: break;
            }
        }
        return (from, before);
    }

    private static DateTimeOffset? Time(IQueryCollection sent, string name, JsonFaults faults)
    {
        if (Once(sent, name, faults) is not { } text) return null;
        if (Rfc3339.TryParse(text, out var time) || Rfc3339.TryParseDate(text, out time)) return time;
        faults.Add($"?{name}", "Must be an existing date such as 2026-01-31 or date-time such as 2026-01-31T08:00:00Z.");
        return null;
    }

    private static DateTimeOffset? Next(DateTimeOffset? time) =>
        time is not { } given ? null : given.UtcTicks > DateTimeOffset.MaxValue.UtcTicks - TimeSpan.TicksPerMicrosecond ? DateTimeOffset.MaxValue : given.AddMicroseconds(1);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is { } known && (other is not { } next || known > next) ? one : other;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is { } known && (other is not { } next || known < next) ? one : other;
}
