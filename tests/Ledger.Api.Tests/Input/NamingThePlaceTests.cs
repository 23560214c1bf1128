using System.Text;
using Ledger.Api.Errors;
using Ledger.Api.Input;

namespace Ledger.Api.Tests.Input;

public sealed class NamingThePlaceTests
{
    [Theory]
    [InlineData("""{"a":{"b":[1,{"c":1,"c":2}]}}""", "/a/b/1/c", "The member occurs twice in its object.")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a", "The member occurs twice in its object.")]
    [InlineData("""{"x/y~z":1,"x/y~z":2}""", "/x~1y~0z", "The member occurs twice in its object.")]
    [InlineData("""{"a":["ok","b\u0000"]}""", "/a/1", "U+0000 is not accepted in text.")]
    [InlineData("""{"a":{"b\u0000":1}}""", "/a", "A member name is wrong: U+0000 is not accepted in text.")]
    [InlineData("""{"a":"\uD83D"}""", "/a", "Half a surrogate pair is not text.")]
    [InlineData("""{"a":"\uDE00\uD83D"}""", "/a", "Half a surrogate pair is not text.")]
    [InlineData("""{"a":"\uD83Dx\uDE00"}""", "/a", "Half a surrogate pair is not text.")]
    [InlineData("""{"a":"\uD83D\uD83D\uDE00"}""", "/a", "Half a surrogate pair is not text.")]
    [InlineData("""{"a":"\uDE00\uDE00"}""", "/a", "Half a surrogate pair is not text.")]
    [InlineData("""{"a":[1,2,}""", "/a/1", "Not valid JSON at line 1, byte 11.")]
    [InlineData("[1,\n 2,\n nope]", "/1", "Not valid JSON at line 3, byte 3.")]
    [InlineData("""{"a":1} x""", "", "Not valid JSON at line 1, byte 9.")]
    [InlineData("[1,]", "/0", "Not valid JSON at line 1, byte 4.")]
    [InlineData("[/* no */]", "", "Not valid JSON at line 1, byte 2.")]
    public void Names_the_first_wrong_place(string json, string pointer, string message) =>
        Fault(json).ShouldBe(new FaultDetail(pointer, message));

    [Fact]
    public void Names_the_byte_that_is_no_UTF8() =>
        Fault([.. "{\"é\":\""u8, 0xC0, 0xAF, .. "\"}"u8]).ShouldBe(new FaultDetail("", "Not valid UTF-8 at byte 7."));

    [Theory]
    [InlineData("""{"a":"\uD83D\uDE00 \\uD83D \u00e9 \" \\"}""")]
    [InlineData("""{"a":"\\u0000"}""")]
    [InlineData("""[{"a":1},{"a":1}]""")]
    [InlineData("1e400")]
    public void Accepts_what_only_looks_wrong(string json) => Fault(json).ShouldBeNull();

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(100_000, false)]
    public void Allows_32_levels(int depth, bool accepted)
    {
        var fault = Fault(new string('[', depth) + new string(']', depth));
        (fault is null).ShouldBe(accepted);
        if (!accepted) fault!.Message.ShouldBe("Nested deeper than 32 levels.");
    }

    [Fact]
    public void Skips_a_byte_order_mark_once()
    {
        Fault([0xEF, 0xBB, 0xBF, .. "{}"u8]).ShouldBeNull();
        Fault([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. "{}"u8]).ShouldNotBeNull();
    }

    [Fact]
    public void Allows_trailing_commas_only_where_asked()
    {
        var lenient = JsonLimits.Dialect with { AllowTrailingCommas = true };
        StrictJson.Parse("""[{"a":1,},]"""u8.ToArray(), lenient, out var fault)!.Dispose();
        fault.ShouldBeNull();
        StrictJson.Parse("""[1,,]"""u8.ToArray(), lenient, out fault).ShouldBeNull();
        StrictJson.Parse("""{"a":1,"a":2,}"""u8.ToArray(), lenient, out fault).ShouldBeNull();
        fault!.Pointer.ShouldBe("/a");
    }

    private static FaultDetail? Fault(string json) => Fault(Encoding.UTF8.GetBytes(json));

    private static FaultDetail? Fault(byte[] json)
    {
        using var document = StrictJson.Parse(json, JsonLimits.Dialect, out var fault);
        return fault;
    }
}
