using FsCheck.Fluent;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests;

public class StreamIdsTests
{
    private static readonly JobId Job = new(Guid.Parse("8D0E2C1A-7B54-4F0E-9A35-2F6C1D9E4B70"));

    [Fact]
    public void Are_prefix_and_id()
    {
        StreamIds.Of(new RecordId("accr_1")).ShouldBe("record/accr_1");
        StreamIds.Of(new SystemId("erp"), new RecordId("accr_1")).ShouldBe("item/erp/accr_1");
        StreamIds.Of(Job).ShouldBe("job/8d0e2c1a-7b54-4f0e-9a35-2f6c1d9e4b70");
        StreamIds.Of(new IntegrationId("int_1")).ShouldBe("integration/int_1");
    }

    [Theory]
    [InlineData("north/erp", "a/b", "item/north%2Ferp/a/b")]
    [InlineData("100%", "%2F", "item/100%25/%2F")]
    [InlineData("%2F", "/", "item/%252F//")]
    [InlineData("%", "x", "item/%25/x")]
    public void Escape_the_system_and_leave_the_record_as_it_is(string system, string record, string expected)
    {
        StreamIds.Of(new SystemId(system), new RecordId(record)).ShouldBe(expected);
        StreamIds.TryParseItem(expected, out var parsedSystem, out var parsedRecord).ShouldBeTrue();
        (parsedSystem.Value, parsedRecord.Value).ShouldBe((system, record));
    }

    [Fact]
    public void Of_items_parse_back_to_what_they_were_made_of() =>
        Always.Holds(from system in Texts.Unicode(1, SystemId.MaxLength) from record in Texts.Unicode(1, RecordId.MaxLength) select (system, record), given =>
        {
            StreamIds.TryParseItem(StreamIds.Of(new SystemId(given.system), new RecordId(given.record)), out var system, out var record).ShouldBeTrue();
            (system.Value, record.Value).ShouldBe(given);
        }, runs: 2_000);

    [Theory]
    [InlineData("record/1")]
    [InlineData("item/erp")]
    [InlineData("item")]
    [InlineData("")]
    [InlineData("ITEM/erp/1")]
    [InlineData("job/item/erp/1")]
    [InlineData("item//1")]
    [InlineData("item/erp/")]
    public void Of_anything_else_are_no_items(string streamId) => StreamIds.TryParseItem(streamId, out _, out _).ShouldBeFalse();
}
