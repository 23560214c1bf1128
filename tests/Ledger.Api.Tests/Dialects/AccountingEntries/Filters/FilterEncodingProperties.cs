using FsCheck;
using FsCheck.Fluent;
using Ledger.Api.Dialects.AccountingEntries.Filters;

namespace Ledger.Api.Tests.Dialects.AccountingEntries.Filters;

/// <summary>However a client writes a filter down, it means the same.</summary>
public sealed class FilterEncodingProperties
{
    [Fact]
    public void Verbose_is_understood() => Understood(FilterWire.Verbose);

    [Fact]
    public void Shorthand_is_understood() => Understood(FilterWire.Shorthand);

    [Fact]
    public void Percent_encoded_brackets_are_understood() => Understood(FilterWire.Encoded);

    [Fact]
    public void Json_text_is_understood() => Understood(FilterWire.Json);

    private static void Understood(Func<IEnumerable<FilterGroup>, string> write) =>
        Prop.ForAll(FilterGen.Groups, groups => FilterText.Of(Reading.Groups(write(groups)).Where(group => group.Filters.Count > 0))
                .ShouldBe(FilterText.Of(groups.Where(group => group.Filters.Count > 0))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true));
}
