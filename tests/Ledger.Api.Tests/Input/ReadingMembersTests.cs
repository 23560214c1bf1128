using System.Text;
using Ledger.Api.Input;

namespace Ledger.Api.Tests.Input;

public sealed class ReadingMembersTests
{
    private enum Outcome { Exported, Failed }

    private static readonly JsonWords<Outcome> Outcomes = new(("exported", Outcome.Exported), ("failed", Outcome.Failed));

    [Theory]
    [InlineData("\"00000000-0000-4000-8000-00000000000a\"", true)]
    [InlineData("\"00000000-0000-4000-8000-00000000000A\"", true)]
    [InlineData("\"{00000000-0000-4000-8000-00000000000a}\"", false)]
    [InlineData("\"0000000000004000800000000000000a\"", false)]
    [InlineData("\"00000000-0000-4000-8000-00000000000\"", false)]
    [InlineData("\" 00000000-0000-4000-8000-00000000000a\"", false)]
    [InlineData("\"00000000-0000-4000-8000-00000000000g\"", false)]
    [InlineData("7", false)]
    public void Reads_the_36_character_form_of_a_UUID(string json, bool accepted)
    {
        Read($$"""{"u":{{json}}}""", out var faults).RequiredUuid("u").HasValue.ShouldBe(accepted);
        faults.Any.ShouldBe(!accepted);
    }

    [Fact]
    public void Reads_every_kind_of_member()
    {
        var body = Read("""
            {"s":"text","e":"","i":-9223372036854775808,"d":-100.50,"b":true,"w":"failed","t":"2026-01-31T08:00:00.1234567+02:00","day":"2024-02-29",
             "u":"00000000-0000-4000-8000-00000000000A","o":{"s":"inner"},"a":[{"i":1},{"i":2}],"l":["x","y"],"n":null}
            """, out var faults);
        body.RequiredString("s", 1, 4).ShouldBe("text");
        body.OptionalString("e").ShouldBe("");
        body.RequiredInt64("i").ShouldBe(long.MinValue);
        body.RequiredDecimal("d").ShouldBe(-100.50m);
        body.RequiredBoolean("b").ShouldBe(true);
        body.RequiredEnum("w", Outcomes).ShouldBe(Outcome.Failed);
        body.RequiredDateTime("t").ShouldBe(new DateTimeOffset(2026, 1, 31, 6, 0, 0, 123, 456, TimeSpan.Zero));
        body.OptionalDateOrDateTime("day").ShouldBe(new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero));
        body.RequiredUuid("u").ShouldBe(new Guid("00000000-0000-4000-8000-00000000000a"));
        body.RequiredObject("o").RequiredString("s").ShouldBe("inner");
        body.RequiredObjects("a", 1, 2).Select(item => item.RequiredInt64("i")).ShouldBe([1, 2]);
        body.RequiredStrings("l", 1, 2, 1).ShouldBe(["x", "y"]);
        body.OptionalString("n").ShouldBeNull();
        body.OptionalObject("absent").IsPresent.ShouldBeFalse();
        body.OptionalObjects("absent", 5).Count.ShouldBe(0);
        (body.Has("n"), body.IsNull("n"), body.Has("absent"), body.IsNull("absent")).ShouldBe((true, true, false, false));
        faults.Any.ShouldBeFalse();
    }

    [Fact]
    public void Reports_every_wrong_place_of_a_body_at_once()
    {
        var body = Read("""{"items":[{"id":"a","n":1},5,{"n":1.5},{"id":"","deep":{"x/y":{"id":7}}}],"when":"2024-02-30T00:00:00Z"}""", out var faults);
        foreach (var item in body.RequiredObjects("items", 1, 100))
        {
            item.RequiredString("id", 1, 128);
            item.OptionalInt64("n");
            item.OptionalObject("deep").OptionalObject("x/y").RequiredString("id");
        }
        body.RequiredDateTime("when");
        body.RequiredString("name");
        faults.ToFault()!.Details.Select(detail => $"{detail.Pointer} {detail.Message}").ShouldBe(
        [
            "/items/1 Must be an object.",
            "/items/2/id Is missing.",
            "/items/2/n Must be a whole number, without fraction or exponent.",
            "/items/3/id Must not be empty.",
            "/items/3/deep/x~1y/id Must be a string.",
            "/when Must be an existing RFC 3339 time such as 2026-01-31T08:00:00Z.",
            "/name Is missing.",
        ]);
    }

    [Theory]
    [InlineData("1.5", "Must be a whole number, without fraction or exponent.")]
    [InlineData("1.0", "Must be a whole number, without fraction or exponent.")]
    [InlineData("1e3", "Must be a whole number, without fraction or exponent.")]
    [InlineData("1e400", "Must be a whole number, without fraction or exponent.")]
    [InlineData("9223372036854775808", "Is out of the range of a 64-bit integer.")]
    [InlineData("101", "Must be between 1 and 100.")]
    [InlineData("0", "Must be between 1 and 100.")]
    [InlineData("\"5\"", "Must be a whole number.")]
    [InlineData("true", "Must be a whole number.")]
    [InlineData("null", "Must not be null.")]
    [InlineData("[]", "Must be a whole number.")]
    public void Says_clearly_why_a_number_is_no_integer_of_the_range(string json, string message) =>
        OnlyFault($$"""{"n":{{json}}}""", body => body.RequiredInt64("n", 1, 100)).ShouldBe("/n " + message);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.00", "0")]
    [InlineData("0e999999999999", "0")]
    [InlineData("896.96", "896.96")]
    [InlineData("1e2", "100")]
    [InlineData("12.50e-1", "1.250")]
    [InlineData("1000000000000000000000000000", "1000000000000000000000000000")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("1e29", null)]
    [InlineData("1e400", null)]
    [InlineData("1e-400", null)]
    [InlineData("1e99999999999999999999", null)]
    [InlineData("0.00000000000000000000000000001", null)]
    [InlineData("12345678901234567890123456789", null)]
    [InlineData("1.0000000000000000000000000001", null)]
    public void Reads_a_decimal_exactly_or_not_at_all(string json, string? expected)
    {
        var body = Read($$"""{"n":{{json}}}""", out var faults);
        body.RequiredDecimal("n").ShouldBe(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        faults.Any.ShouldBe(expected is null);
    }

    [Theory]
    [InlineData("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.0000000")]
    [InlineData("2026-01-31t08:00:00z", "2026-01-31T08:00:00.0000000")]
    [InlineData("2026-01-31T08:00:00.9999999999Z", "2026-01-31T08:00:00.9999990")]
    [InlineData("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.0000000")]
    [InlineData("2026-01-31T08:00:00-00:00", "2026-01-31T08:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.9999990")]
    [InlineData("2026-01-31T08:00:00", null)]
    [InlineData("2026-01-31 08:00:00Z", null)]
    [InlineData("2026-01-31T08:00Z", null)]
    [InlineData("2026-01-31T24:00:00Z", null)]
    [InlineData("2026-01-31T08:60:00Z", null)]
    [InlineData("2026-12-31T23:59:60Z", null)]
    [InlineData("2026-02-30T00:00:00Z", null)]
    [InlineData("2026-13-01T00:00:00Z", null)]
    [InlineData("2026-01-31T08:00:00.Z", null)]
    [InlineData("2026-01-31T08:00:00+0100", null)]
    [InlineData("2026-01-31T08:00:00+24:00", null)]
    [InlineData("2026-01-31T08:00:00Zjunk", null)]
    [InlineData("0001-01-01T00:00:00Z", null)]
    [InlineData("0001-01-01T00:00:00+01:00", null)]
    [InlineData("9999-12-31T23:59:59-01:00", null)]
    [InlineData("٢٠٢٦-01-31T08:00:00Z", null)]
    [InlineData("2026-01-31", null)]
    [InlineData("", null)]
    public void Reads_RFC_3339_and_nothing_else(string text, string? expected)
    {
        Rfc3339.TryParse(text, out var time).ShouldBe(expected is not null);
        if (expected is not null) time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Fact]
    public void Counts_characters_not_code_units()
    {
        Read("""{"s":"😀😀😀"}""", out var faults).RequiredString("s", 3, 3).ShouldBe("😀😀😀");
        faults.Any.ShouldBeFalse();
        OnlyFault("""{"s":"😀😀😀"}""", body => body.RequiredString("s", 1, 2)).ShouldBe("/s Must have at most 2 characters.");
        OnlyFault("""{"s":"😀"}""", body => body.RequiredString("s", 2, 9)).ShouldBe("/s Must have at least 2 characters.");
    }

    [Theory]
    [InlineData("""{"w":"Exported"}""", "/w Must be one of: exported, failed.")]
    [InlineData("""{"w":1}""", "/w Must be one of: exported, failed.")]
    [InlineData("""{}""", "/w Is missing.")]
    public void Lists_the_words_of_a_closed_list(string json, string fault) => OnlyFault(json, body => body.RequiredEnum("w", Outcomes)).ShouldBe(fault);

    [Theory]
    [InlineData("""{"a":[]}""", "/a Must have 1 to 2 elements, not 0.")]
    [InlineData("""{"a":[{},{},{}]}""", "/a Must have 1 to 2 elements, not 3.")]
    [InlineData("""{"a":{}}""", "/a Must be an array.")]
    [InlineData("""{}""", "/a Is missing.")]
    [InlineData("[]", " Must be an object.")]
    public void Counts_elements_before_it_looks_at_any(string json, string fault) =>
        OnlyFault(json, body => body.RequiredObjects("a", 1, 2).Count.ShouldBe(0)).ShouldBe(fault);

    [Fact]
    public void Reports_at_most_100_places()
    {
        var body = Read($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1", 500))}}]}""", out var faults);
        body.RequiredStrings("a", 1, 500, 5).ShouldBeEmpty();
        faults.Details.Count.ShouldBe(100);
        faults.Details[99].Pointer.ShouldBe("/a/99");
    }

    [Fact]
    public void Reading_a_hundred_items_allocates_only_their_strings()
    {
        var body = Read($$"""{"items":[{{string.Join(',', Enumerable.Range(1000, 100).Select(i => $$"""{"id":"{{i}}","outcome":"exported","n":{{i}}}"""))}}]}""", out var faults);
        ReadItems(body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadItems(body).ShouldBe(100);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        faults.Any.ShouldBeFalse();
        // A four-character string takes 32 bytes; the rest is two nodes of the pointer and the assertion.
        allocated.ShouldBeLessThan((100 * 32) + 1024);
    }

    private static int ReadItems(JsonMembers body)
    {
        var read = 0;
        foreach (var item in body.RequiredObjects("items", 1, 100))
        {
            if (item.RequiredString("id", 1, 128) is not null && item.RequiredEnum("outcome", Outcomes) is Outcome.Exported && item.RequiredInt64("n") > 0) read++;
        }
        return read;
    }

    private static JsonMembers Read(string json, out JsonFaults faults)
    {
        faults = new JsonFaults();
        return JsonMembers.Of(StrictJson.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Dialect, out _)!.RootElement, faults);
    }

    private static string OnlyFault(string json, Action<JsonMembers> read)
    {
        read(Read(json, out var faults));
        var detail = faults.Details.ShouldHaveSingleItem();
        return $"{detail.Pointer} {detail.Message}";
    }
}
