using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Tests.Records.ARecord;

namespace Ledger.Domain.Tests.Records;

public class ContentHashTests
{
    private static readonly string Known = ContentHash.Of(Content);

    [Theory]
    [InlineData("""{"b":1,"a":{"d":[1,2],"c":null}}""", """{"a":{"c":null,"d":[1,2]},"b":1}""")]
    [InlineData("""{"b":1,"a":2}""", "{ \"b\" : 1,\n\t\"a\" : 2 }")]
    [InlineData("""{"name":"Café/Møller"}""", """{"n\u0061me":"Caf\u00e9\/M\u00F8ller"}""")]
    public void Order_of_members_white_space_and_escapes_do_not_matter(string one, string other) => With(other).ShouldBe(With(one));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":1}""", """{"b":1}""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""")]
    [InlineData("""{"a":"x"}""", """{"a":"X"}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{},"b":1}""")]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740992}""")]
    public void Names_values_types_and_the_order_of_a_list_matter(string one, string other) => With(other).ShouldNotBe(With(one));

    [Fact]
    public void The_stage_does_not_matter()
    {
        foreach (var stage in Enum.GetValues<Stage>()) ContentHash.Of(Content with { Stage = stage }).ShouldBe(Known);
    }

    [Fact]
    public void Every_other_member_of_the_content_matters()
    {
        var changed = new Dictionary<string, RecordContent>
        {
            [nameof(RecordContent.Kind)] = Content with { Kind = RecordKind.Expense },
            [nameof(RecordContent.SourceType)] = Content with { SourceType = SourceType.Bill },
            [nameof(RecordContent.Amount)] = Content with { Amount = new(171_76, "USD") },
            [nameof(RecordContent.PostedAt)] = Content with { PostedAt = Clock.At(0).AddMicroseconds(1) },
            [nameof(RecordContent.CreatedAt)] = Content with { CreatedAt = null },
            [nameof(RecordContent.UpdatedAt)] = Content with { UpdatedAt = Clock.At(5) },
            [nameof(RecordContent.Text)] = Content with { Text = null },
            [nameof(RecordContent.Account)] = Content with { Account = "6111" },
            [nameof(RecordContent.ContraAccount)] = Content with { ContraAccount = "" },
            [nameof(RecordContent.Lines)] = Content with { Lines = [.. Content.Lines.Reverse()] },
            [nameof(RecordContent.Counterparty)] = Content with { Counterparty = null },
            [nameof(RecordContent.User)] = Content with { User = Json("""{"name":"Mira Okafo"}""") },
            [nameof(RecordContent.Files)] = Content with { Files = Json("[]") },
            [nameof(RecordContent.Facets)] = Content with { Facets = Json("{}") },
        };
        changed.Keys.Append(nameof(RecordContent.Stage)).ShouldBe(typeof(RecordContent).GetProperties().Select(property => property.Name), ignoreOrder: true);
        changed.Values.Select(ContentHash.Of).Append(Known).ShouldBeUnique();
        ContentHash.Of(Content with { Amount = new(171_75, "EUR") }).ShouldNotBe(Known);
    }

    [Fact]
    public void Every_member_of_a_line_matters()
    {
        var line = Content.Lines[0];
        RecordLine[] changed =
        [
            line with { Id = "3" }, line with { Side = LineSide.Credit }, line with { Amount = new(1, "USD") }, line with { Account = null },
            line with { Text = "Tram" }, line with { Tags = Json("""["D21"]""") },
        ];
        changed.Length.ShouldBe(typeof(RecordLine).GetProperties().Length);
        changed.Select(other => ContentHash.Of(Content with { Lines = [other, Content.Lines[1]] })).Append(Known).ShouldBeUnique();
    }

    [Fact]
    public void What_comes_back_from_the_store_has_the_hash_it_had() =>
        ContentHash.Of(((RecordEvent.RecordRegistered)EventTypes.Deserialize("record_registered", EventTypes.Serialize(Registered()))).Content).ShouldBe(Known);

    // Stored hashes are compared with new ones for as long as the ledger lives: a change here would revise every record sent again.
    [Fact]
    public void It_is_the_same_today_as_when_it_was_first_stored() => Known.ShouldBe("LlLjtKWRre/+VCzr2bxIgJBOkvlXLgHsB0Rj/hq62yg=");

    // What is hashed, told by the serializer that writes the events.
    [Fact]
    public void It_is_the_hash_of_the_stored_content_with_sorted_members()
    {
        string?[] texts = [null, "", "Café/Møller", "a+b <c> & \"d\" 'e' \\ \u007f 😀", "\n\t"];
        DateTimeOffset?[] times = [null, Clock.At(0), Clock.At(0).AddTicks(1), Clock.At(1).AddMilliseconds(120), DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-9.5))];
        string?[] free = [null, "{}", "[]", "null", """{"b":[{"z":1,"a":1.50,"é":1e3},"\u00e9+"],"a":null,"A":true,"":-0.0}"""];
        var random = new Random(4711);
        T One<T>(T[] values) => values[random.Next(values.Length)];
        JsonElement? Free() => One(free) is { } json ? Json(json) : null;
        for (var round = 0; round < 500; round++)
        {
            var content = new RecordContent(
                One(Enum.GetValues<RecordKind>()), One(Enum.GetValues<SourceType>()), One(Enum.GetValues<Stage>()), new(random.NextInt64(long.MinValue, long.MaxValue), "EUR"),
                One(times), One(times), One(times), One(texts), One(texts), One(texts),
                [.. Enumerable.Range(0, random.Next(3)).Select(_ => new RecordLine(One(texts), One(Enum.GetValues<LineSide>()), new(random.Next(), "USD"), One(texts), One(texts), Free()))],
                Free(), Free(), Free(), Free());

            ContentHash.Of(content).ShouldBe(Defined(content));
        }
    }

    private static string Defined(RecordContent content)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes)) Sorted(writer, JsonSerializer.SerializeToElement(content with { Stage = Stage.Ready }, EventJson.Default.RecordContent));
        return Convert.ToBase64String(SHA256.HashData(bytes.ToArray()));

        static void Sorted(Utf8JsonWriter writer, JsonElement element)
        {
            if (element.ValueKind is JsonValueKind.Object)
            {
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Sorted(writer, member.Value);
                }
                writer.WriteEndObject();
            }
            else if (element.ValueKind is JsonValueKind.Array)
            {
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Sorted(writer, item);
                writer.WriteEndArray();
            }
            else
            {
                element.WriteTo(writer);
            }
        }
    }

    private static string With(string facets) => ContentHash.Of(Content with { Facets = JsonSerializer.Deserialize<JsonElement>(facets) });
}
