using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Ledger.Proof.Canonical;

namespace Ledger.Proof.Tests.Canonical;

public class CanonicalJsonTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(300)]
    public void However_many_members_there_are_they_are_sorted_and_none_stands_twice(int count)
    {
        string[] members = [.. Enumerable.Range(0, count).Select(number => $"\"{number:x3}\":{number}")];
        var sorted = $"{{{string.Join(',', members)}}}";
        for (var seed = 0; seed < 20; seed++)
        {
            new Random(seed).Shuffle(members);
            Form($"{{{string.Join(',', members)}}}").ShouldBe(sorted);
            Should.Throw<FormatException>(() => Form($"{{{string.Join(',', members)},{members[seed % 3]}}}")).Message.ShouldContain("twice");
        }
    }

    [Theory]   // RFC 8785, appendix B: each bit pattern and its form.
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Doubles_are_written_as_RFC_8785_has_them(ulong bits, string form)
    {
        var shortest = BitConverter.UInt64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture);
        Form(shortest).ShouldBe(form);
        Form(form).ShouldBe(form);
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]                     // its double would be …992
    [InlineData("295147905179352825856", "295147905179352825856")]           // the same double as …830000 above, another value
    [InlineData("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    [InlineData("1e400", null)]
    [InlineData("-1.0", "-1")]
    [InlineData("1.10", "1.1")]
    [InlineData("12.50", "12.5")]
    [InlineData("-0", "0")]
    [InlineData("-0.0e5", "0")]
    [InlineData("1E+2", "100")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("1000000000000000000000", "1e+21")]
    [InlineData("1000000000000000000001", "1000000000000000000001")]
    [InlineData("123456789012345678e-25", "0.0000000123456789012345678")]
    public void No_number_is_rounded(string number, string? form) => Form(number).ShouldBe(form ?? "1" + new string('0', 400));

    [Fact]   // RFC 8785 §3.2.2
    public void The_sample_of_RFC_8785_has_its_published_form() =>
        Form("""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""".Replace("333333333.33333329", "333333333.3333333", StringComparison.Ordinal))
            .ShouldBe("""{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""");

    [Fact]   // RFC 8785 §3.2.3
    public void Members_stand_in_the_order_of_their_UTF_16_code_units() =>
        Form("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""")
            .ShouldBe("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");

    [Fact]
    public void Every_spelling_of_a_value_has_the_same_form_and_the_form_is_its_own_form() =>
        Always.Holds(from value in AnyJson.Value(3) from one in Gen.Choose(0, int.MaxValue - 1) from other in Gen.Choose(0, int.MaxValue - 1) select (value, one, other), given =>
        {
            var form = Form(AnyJson.Spell(given.value, given.one));
            Form(AnyJson.Spell(given.value, given.other)).ShouldBe(form);
            Form(form).ShouldBe(form);
        });

    [Fact]
    public void The_form_has_the_value_that_was_written() =>
        Always.Holds(from value in AnyJson.Value(3) from seed in Gen.Choose(0, int.MaxValue - 1) select AnyJson.Spell(value, seed), text =>
        {
            using var given = JsonDocument.Parse(text);
            using var form = JsonDocument.Parse(Form(text));
            ShouldBeSame(form.RootElement, given.RootElement);
        });

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("01")]
    [InlineData("1 2")]
    [InlineData("nul")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,"b":2,"\u0061":3}""")]
    [InlineData("""{"b":1,"a":2,"b":3}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e150001")]
    [InlineData("1e-99999999999999999999999")]
    [InlineData("NaN")]
    public void What_has_no_form_is_refused(string text) => Should.Throw<FormatException>(() => Form(text));

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        Should.Throw<FormatException>(() => CanonicalJson.Of("\"\xE4\""u8[..^2].ToArray().Append((byte)0xE4).Append((byte)'"').ToArray()));
        Should.Throw<FormatException>(() => CanonicalJson.Of([(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']));
        Should.Throw<FormatException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(new string('[', 300) + new string(']', 300))));
    }

    private static string Form(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    private static void ShouldBeSame(JsonElement form, JsonElement given)
    {
        form.ValueKind.ShouldBe(given.ValueKind);
        if (given.ValueKind == JsonValueKind.String) form.GetString().ShouldBe(given.GetString());
        if (given.ValueKind == JsonValueKind.Number) Exact(form.GetRawText()).ShouldBe(Exact(given.GetRawText()));
        if (given.ValueKind == JsonValueKind.Array) foreach (var (one, other) in form.EnumerateArray().Zip(given.EnumerateArray())) ShouldBeSame(one, other);
        if (given.ValueKind != JsonValueKind.Object) return;
        form.EnumerateObject().Select(member => member.Name).ShouldBe(given.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        foreach (var member in given.EnumerateObject()) ShouldBeSame(form.GetProperty(member.Name), member.Value);
    }

    /// <summary>The number times 10^400, which makes every number of these tests whole.</summary>
    private static BigInteger Exact(string number)
    {
        var parts = number.ToLowerInvariant().Split('e');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        return BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * BigInteger.Pow(10, 400 + exponent - fraction);
    }
}
