using Ledger.Api.Dialects.AccountingEntries.Query;

namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>Reads one filter, in the long form with named members or the short form <c>[key, operator, value, not]</c>.</summary>
internal sealed class FilterReader(ICollection<InputFault> faults)
{
    public const int MaxListValues = 1000;

    private static readonly string[] Named = ["key", "operator", "value", "not"];
    private static readonly string[] Numbered = ["0", "1", "2", "3"];

    private int _listValues;

    public void ReportListSizes(string root)
    {
        if (_listValues > MaxListValues)
            faults.Add(new InputFault(root, $"has {_listValues} values in its 'in' lists; at most {MaxListValues} are allowed"));
    }

    public Filter? Read(string element, QueryNode sent)
    {
        if (sent is not QueryNode.Branch filter)
        {
            faults.Add(new InputFault(element, "must be a filter: key, operator and value"));
            return null;
        }
        var members = Named;
        if (filter.Count > 0 && !Named.Any(filter.Has))
        {
            members = Numbered;
            if (filter.Count is not (3 or 4) || !filter.Members.All(member => Numbered.Contains(member.Key)) || !filter.Has("2"))
            {
                faults.Add(new InputFault(element, "the short form of a filter has 3 or 4 elements: key, operator, value and not"));
                return null;
            }
        }
        var key = ReadKey($"{element}.{members[0]}", filter[members[0]]);
        var @operator = ReadOperator($"{element}.{members[1]}", filter[members[1]]);
        var negated = BooleanText.Read($"{element}.{members[3]}", filter[members[3]], faults);
        return ReadValue($"{element}.{members[2]}", filter[members[2]], key, @operator, negated);
    }

    private FilterKey? ReadKey(string element, QueryNode? sent)
    {
        switch (sent)
        {
            case QueryNode.Text { Value: "created_at" }: return FilterKey.CreatedAt;
            case QueryNode.Text { Value: "updated_at" }: return FilterKey.UpdatedAt;
            case null or { IsBlank: true }:
                faults.Add(new InputFault(element, "is required: created_at or updated_at"));
                return null;
            default:
                var name = sent is QueryNode.Text text ? $"{InputFault.Quote(text.Value)} cannot be filtered by; " : "";
                faults.Add(new InputFault(element, $"{name}allowed keys are created_at and updated_at"));
                return null;
        }
    }

    /// <summary>Absent or null is <c>eq</c>, the default branch of the original's own code.</summary>
    private FilterOperator? ReadOperator(string element, QueryNode? sent)
    {
        if (sent is null or { IsBlank: true }) return FilterOperator.Eq;
        if (sent is QueryNode.Text text && FilterOperators.TryParse(text.Value, out var known)) return known;
        var name = sent is QueryNode.Text unknown ? $"unknown operator {InputFault.Quote(unknown.Value)}; " : "";
        faults.Add(new InputFault(element, $"{name}allowed operators are {FilterOperators.Allowed}"));
        return null;
    }

    private Filter? ReadValue(string element, QueryNode? sent, FilterKey? key, FilterOperator? @operator, bool negated)
    {
        if (sent is null)
        {
            faults.Add(new InputFault(element, "is required; an empty value or 'null' means null"));
            return null;
        }
        if (@operator is not { } known) return null;
        var column = key.GetValueOrDefault();   // with the key at fault the value is still read, for its own faults
        Filter? filter = known switch
        {
            _ when sent.MeansNull => new Filter.IsNull(column, negated),
            FilterOperator.In => ReadOneOf(element, sent, column, negated),
            FilterOperator.Bt => ReadBetween(element, sent, column, negated),
            FilterOperator.Ct or FilterOperator.Sw or FilterOperator.Ew => ReadLike(element, sent, column, known, negated),
            _ => ReadInstant(element, sent) is { } with
                ? new Filter.Compared(column, FilterOperators.OrderingOf(known), with, negated)
                : null,
        };
        return key is null ? null : filter;
    }

    private Filter.OneOf? ReadOneOf(string element, QueryNode sent, FilterKey key, bool negated)
    {
        if (sent is not QueryNode.Branch list)
            return ReadInstant(element, sent) is { } only ? new Filter.OneOf(key, [only], negated) : null;
        _listValues += list.Count;
        if (_listValues > MaxListValues) return null;
        if (list.Count == 0) faults.Add(new InputFault(element, "must have at least one value"));
        return ReadInstants(element, list) is { Count: > 0 } values ? new Filter.OneOf(key, values, negated) : null;
    }

    private Filter.Between? ReadBetween(string element, QueryNode sent, FilterKey key, bool negated)
    {
        if (sent is not QueryNode.Branch { Count: 2 } ends)
        {
            faults.Add(new InputFault(element, "must be a list of 2 values: from and to"));
            return null;
        }
        return ReadInstants(element, ends) is { Count: 2 } read ? new Filter.Between(key, read[0], read[1], negated) : null;
    }

    private Filter.Like? ReadLike(string element, QueryNode sent, FilterKey key, FilterOperator @operator, bool negated)
    {
        var text = sent switch
        {
            QueryNode.Text { Value: var value } when !value.Contains('\0', StringComparison.Ordinal) => value,
            QueryNode.Number { Raw: var raw } => raw,
            _ => null,
        };
        if (text is not null) return new Filter.Like(key, FilterOperators.PartOf(@operator), text, negated);
        faults.Add(new InputFault(element, "must be text"));
        return null;
    }

    private List<DateTimeOffset> ReadInstants(string element, QueryNode.Branch list)
    {
        var instants = new List<DateTimeOffset>(list.Count);
        foreach (var (key, value) in list.Members)
        {
            if (ReadInstant($"{element}.{key}", value) is { } instant) instants.Add(instant);
        }
        return instants;
    }

    private DateTimeOffset? ReadInstant(string element, QueryNode sent)
    {
        if (sent is QueryNode.Text text && DateTimeText.TryParse(text.Value, out var instant)) return instant;
        var value = sent is QueryNode.Text wrong ? $"{InputFault.Quote(wrong.Value)} is not " : "must be ";
        faults.Add(new InputFault(element, value + DateTimeText.Expected));
        return null;
    }
}
