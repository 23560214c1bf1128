using FsCheck.Fluent;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests;

public class IdsTests
{
    [Theory]
    [InlineData("0123456789abcdef", 0x0123_4567_89AB_CDEF)]
    [InlineData("0000000000000000", 0L)]
    [InlineData("ffffffffffffffff", -1L)]
    [InlineData("8000000000000000", long.MinValue)]
    public void An_attempt_id_is_16_hex_digits(string text, long value)
    {
        AttemptId.TryParse(text, out var id).ShouldBeTrue();
        id.Value.ShouldBe(value);
        id.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789abcdef")]
    [InlineData("00123456789abcdef")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("0123456789abcdeg")]
    [InlineData("+123456789abcdef")]
    [InlineData("-123456789abcdef")]
    [InlineData("0x23456789abcdef")]
    [InlineData(" 123456789abcdef")]
    [InlineData("123456789abcdef ")]
    [InlineData("123456789abcdef\u0000")]
    [InlineData("\u0660123456789abcde")]
    public void Nothing_else_is_one(string text) => AttemptId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Every_attempt_id_parses_back() =>
        Always.Holds(Texts.Uuid.Select(bits => BitConverter.ToInt64(bits.ToByteArray())), bits =>
        {
            AttemptId.TryParse(new AttemptId(bits).ToString(), out var id).ShouldBeTrue();
            id.Value.ShouldBe(bits);
        });

    [Fact]
    public void New_attempt_ids_use_63_bits_and_sort_as_they_read()
    {
        var drawn = Enumerable.Range(0, 1_000).Select(_ => AttemptId.New().Value).ToArray();
        drawn.ShouldBeUnique();
        // A bit that never or always shows in a thousand draws is not random: the odds of that are 63 in 2^999. The sign stays clear.
        drawn.Aggregate(0L, (seen, id) => seen | id).ShouldBe(long.MaxValue);
        drawn.Aggregate(-1L, (seen, id) => seen & id).ShouldBe(0L);
    }

    [Fact]
    public void New_job_and_integration_ids_sort_by_the_time_they_were_made()
    {
        JobId.New().Value.Version.ShouldBe(7);
        IntegrationId.New().Value.ShouldMatch("^int_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$");
    }
}
