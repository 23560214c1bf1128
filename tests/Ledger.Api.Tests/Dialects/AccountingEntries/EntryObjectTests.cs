using System.Text;
using System.Text.Json;
using Ledger.Api.Amounts;
using Ledger.Api.Dialects.AccountingEntries;

namespace Ledger.Api.Tests.Dialects.AccountingEntries;

/// <summary>The accounting entry object: the original's nine members, exact, and what the platform adds for this dialect.</summary>
public sealed class EntryObjectTests
{
    private static readonly DateTimeOffset Noon = new(2024, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Entry Plain = new(7, -1250, "EUR", "1010", "4000-A", Noon, "Fish & chips", Noon.AddTicks(10), Noon.AddHours(1), null);

    [Fact]
    public void Has_the_nine_members_of_the_contract_in_its_order() =>
        Written(Plain).ShouldBe("""{"id":7,"currency":"EUR","amount":-12.50,"account":1010,"contra_account":"4000-A","date":"2024-01-31T12:00:00.000000Z","text":"Fish \u0026 chips","created_at":"2024-01-31T12:00:00.000001Z","updated_at":"2024-01-31T13:00:00.000000Z"}""");

    [Theory]
    [InlineData(0, "EUR", "0.00"), InlineData(5, "EUR", "0.05"), InlineData(-5, "EUR", "-0.05"), InlineData(1250, "JPY", "1250"), InlineData(-1250, "KWD", "-1.250")]
    [InlineData(1, "CLF", "0.0001"), InlineData(1250, "XYZ", "12.50"), InlineData(9007199254740993, "EUR", "90071992547409.93")]
    [InlineData(long.MaxValue, "EUR", "92233720368547758.07"), InlineData(long.MinValue, "EUR", "-92233720368547758.08")]
    public void Amounts_are_exact_major_units_of_their_currency(long minor, string currency, string amount) => MajorUnits.Of(minor, currency).ShouldBe(amount);

    [Theory]
    [InlineData("1010", "1010"), InlineData("0", "0"), InlineData("9223372036854775807", "9223372036854775807"), InlineData(null, "null")]
    [InlineData("0400", "\"0400\""), InlineData("9223372036854775808", "\"9223372036854775808\""), InlineData("-5", "\"-5\""), InlineData("10 10", "\"10 10\""), InlineData("", "\"\"")]
    public void Accounts_are_integers_where_nothing_is_lost_by_it(string? account, string written) =>
        Written(Plain with { Account = account }).ShouldContain($"\"account\":{written},");

    [Fact]
    public void Members_of_the_facet_are_added_as_given_and_never_replace_the_records_own() =>
        Written(Plain with { Facet = JsonElement.Parse("""{"vat_code":"U25","id":99,"amount":1.0,"tags":[1.50,null]}""") })
            .ShouldEndWith(""","updated_at":"2024-01-31T13:00:00.000000Z","vat_code":"U25","tags":[1.50,null]}""");

    [Theory]
    [InlineData("null"), InlineData("[1]"), InlineData("\"x\"")]
    public void A_facet_that_is_no_object_adds_nothing(string facet) =>
        Written(Plain with { Facet = JsonElement.Parse(facet) }).ShouldBe(Written(Plain));

    private static string Written(Entry entry)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) EntryObject.Write(json, entry);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
