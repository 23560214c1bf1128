using System.Text;
using System.Text.Json;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;

namespace Ledger.Domain.Tests.StoredEvents;

public class EventTypesTests
{
    private static readonly Type[] EventClasses =
        [.. new[] { typeof(RecordEvent), typeof(ItemEvent), typeof(JobEvent), typeof(IntegrationEvent) }.SelectMany(stream => stream.GetNestedTypes())];

    public static TheoryData<string, int> Stored =>
        new(Golden.Bodies.Select((golden, index) => new TheoryDataRow<string, int>(golden.Name, index)));

    [Fact]
    public void Every_event_class_has_a_golden_body_under_its_stored_name() =>
        Golden.Bodies.Select(golden => (golden.Event.GetType(), golden.Name)).Distinct()
            .ShouldBe(EventClasses.Select(type => (type, EventTypes.NameOf(Golden.Bodies.First(golden => golden.Event.GetType() == type).Event))), ignoreOrder: true);

    [Fact]
    public void The_table_holds_the_event_classes_and_nothing_else()
    {
        EventTypes.Names.ShouldBe(Golden.Bodies.Select(golden => golden.Name).Distinct(), ignoreOrder: true);
        EventTypes.Names.ShouldBeUnique();
        EventTypes.Names.Count().ShouldBe(EventClasses.Length);
    }

    [Fact]
    public void Every_class_derived_from_an_event_is_nested_where_the_table_looks() =>
        typeof(ItemEvent).Assembly.GetTypes().Where(type => !type.IsAbstract && type.BaseType is { IsAbstract: true } parent && parent.Name.EndsWith("Event", StringComparison.Ordinal))
            .ShouldBe(EventClasses, ignoreOrder: true);

    [Fact]
    public void Stored_names_say_where_the_class_was_when_it_was_written() =>
        EventTypes.DotNetTypeOf(Items.AnItem.Succeeded).ShouldBe("Ledger.Domain.Items.ItemEvent+ItemExported, Ledger.Domain");

    [Theory]
    [MemberData(nameof(Stored))]
    public void An_event_is_written_as_it_always_was(string name, int index)
    {
        var (_, @event, body) = Golden.Bodies[index];
        EventTypes.NameOf(@event).ShouldBe(name);
        Encoding.UTF8.GetString(EventTypes.Serialize(@event)).ShouldBe(body.ReplaceLineEndings(""));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_stored_body_is_read_back_whole(string name, int index)
    {
        var (_, @event, body) = Golden.Bodies[index];
        var read = EventTypes.Deserialize(name, Encoding.UTF8.GetBytes(body));
        read.ShouldBeOfType(@event.GetType());
        Encoding.UTF8.GetString(EventTypes.Serialize(read)).ShouldBe(body.ReplaceLineEndings(""));
    }

    // PostgreSQL's jsonb gives members back in an order of its own, with white space.
    [Theory]
    [MemberData(nameof(Stored))]
    public void The_order_of_members_does_not_matter(string name, int index)
    {
        var body = JsonSerializer.Deserialize<JsonElement>(Golden.Bodies[index].Body);
        var read = EventTypes.Deserialize(name, JsonSerializer.SerializeToUtf8Bytes(Reversed(body), Indented));
        JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(EventTypes.Serialize(read)), body).ShouldBeTrue();
    }

    [Fact]
    public void Members_of_a_later_release_are_passed_over() =>
        EventTypes.Deserialize("job_completed", """{"withErrors":true,"by":"somebody"}"""u8).ShouldBe(new JobEvent.JobCompleted(true));

    [Theory]
    [InlineData("item_exported_v2")]
    [InlineData("ItemExported")]
    [InlineData("item_exported ")]
    [InlineData("")]
    public void An_unknown_name_stops_the_reader(string name) =>
        Should.Throw<InvalidOperationException>(() => EventTypes.Deserialize(name, "{}"u8)).Message.ShouldContain(name);

    [Theory]
    [InlineData("job_completed", "null")]
    [InlineData("job_completed", "[]")]
    [InlineData("job_completed", "")]
    [InlineData("job_completed", """{"withErrors":"yes"}""")]
    [InlineData("export_cancelled", """{"attemptId":"0123456789ABCDEF"}""")]
    [InlineData("export_cancelled", """{"attemptId":1}""")]
    [InlineData("export_progressed", """{"attemptId":"0123456789abcdef","status":"in progress"}""")]
    [InlineData("export_progressed", """{"attemptId":"0123456789abcdef","status":1}""")]
    [InlineData("record_stage_changed", """{"stage":"shipped"}""")]
    public void A_body_of_another_shape_stops_the_reader(string name, string body) =>
        Should.Throw<JsonException>(() => EventTypes.Deserialize(name, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void What_is_no_event_cannot_be_stored()
    {
        Should.Throw<KeyNotFoundException>(() => EventTypes.NameOf("text"));
        Should.Throw<KeyNotFoundException>(() => EventTypes.Serialize(new JobCommand.Start()));
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static object? Reversed(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Reverse().ToDictionary(member => member.Name, member => Reversed(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Reversed).ToArray(),
        _ => element,
    };
}
