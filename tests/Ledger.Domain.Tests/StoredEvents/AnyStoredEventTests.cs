using System.Text;
using System.Text.Json;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests.StoredEvents;

public class AnyStoredEventTests
{
    [Fact]
    public void Comes_back_as_it_was() =>
        Always.Holds(AnyEvent.Generator, @event =>
        {
            var read = EventTypes.Deserialize(EventTypes.NameOf(@event), EventTypes.Serialize(@event));
            // Lists and free JSON have no equality of their own; what a record says is what is written of it.
            if (@event is RecordEvent.RecordRegistered or RecordEvent.RecordRevised) Written(read).ShouldBe(Written(@event));
            else read.ShouldBe(@event);
        }, runs: 3_000);

    [Fact]
    public void Keeps_every_amount_text_and_free_member_of_a_record_exactly() =>
        Always.Holds(AnyEvent.Contents, was =>
        {
            var body = EventTypes.Serialize(new RecordEvent.RecordRevised(was, "hash"));
            var read = ((RecordEvent.RecordRevised)EventTypes.Deserialize("record_revised", body)).Content;
            Core(read).ShouldBe(Core(was));
            read.Lines.Select(line => line with { Tags = null }).ShouldBe(was.Lines.Select(line => line with { Tags = null }));
            Free(read).Zip(Free(was)).ShouldAllBe(pair => Same(pair.First, pair.Second));
        }, runs: 2_000);

    private static readonly RecordLine[] NoLines = [];

    private static RecordContent Core(RecordContent content) => content with { Lines = NoLines, Counterparty = null, User = null, Files = null, Facets = null };

    private static IEnumerable<JsonElement?> Free(RecordContent content) =>
        [content.Counterparty, content.User, content.Files, content.Facets, .. content.Lines.Select(line => line.Tags)];

    private static bool Same(JsonElement? one, JsonElement? other) => one is { } first ? other is { } second && JsonElement.DeepEquals(first, second) : other is null;

    private static string Written(object @event) => Encoding.UTF8.GetString(EventTypes.Serialize(@event));
}
