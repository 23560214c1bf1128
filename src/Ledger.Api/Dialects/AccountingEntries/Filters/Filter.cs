namespace Ledger.Api.Dialects.AccountingEntries.Filters;

/// <summary>The properties the original lets callers filter by.</summary>
internal enum FilterKey { CreatedAt, UpdatedAt }

internal enum Ordering { Equal, Greater, GreaterOrEqual, Less, LessOrEqual }

internal enum TextPart { Anywhere, Start, End }

/// <summary>Filters that are joined by OR or by AND; the groups of a request are joined by AND. No filter is no restriction.</summary>
internal sealed record FilterGroup(bool AnyOf, IReadOnlyList<Filter> Filters);

/// <summary>One condition on one property of an entry.</summary>
/// <param name="Negated">Logical NOT of three-valued logic: an unknown stays unknown, so a row without the property drops out.</param>
internal abstract record Filter(FilterKey Key, bool Negated)
{
    public sealed record IsNull(FilterKey Key, bool Negated) : Filter(Key, Negated);

    public sealed record Compared(FilterKey Key, Ordering Ordering, DateTimeOffset With, bool Negated) : Filter(Key, Negated);

    /// <summary>Both ends belong to the range.</summary>
    public sealed record Between(FilterKey Key, DateTimeOffset From, DateTimeOffset To, bool Negated) : Filter(Key, Negated);

    public sealed record OneOf(FilterKey Key, IReadOnlyList<DateTimeOffset> Values, bool Negated) : Filter(Key, Negated);

    /// <summary>Compares the canonical text of the property, without regard to case; <c>%</c> and <c>_</c> are wildcards.</summary>
    public sealed record Like(FilterKey Key, TextPart Part, string Text, bool Negated) : Filter(Key, Negated);
}
