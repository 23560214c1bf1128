using System.Text.Json;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;
using static Ledger.Domain.Records.RecordCommand;
using static Ledger.Domain.Records.RecordEvent;

namespace Ledger.Domain.Tests.Records;

/// <summary>The words in which tests speak of a record.</summary>
internal static class ARecord
{
    public static readonly Rules<RecordCommand, RecordState, RecordEvent> Rules = new(RecordState.NotRegistered, RecordDecider.Decide, RecordDecider.Evolve);

    public const long Number = 4711;
    public static readonly Guid Uuid = Guid.Parse("11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61");

    /// <summary>Every member filled.</summary>
    public static readonly RecordContent Content = new(
        RecordKind.AccountingRecord, SourceType.Card, Stage.Ready, new Money(171_75, "USD"),
        Clock.At(0), Clock.At(-2), Clock.At(-1),
        "Site visit Lyon", "6110", "2400",
        [new("1", LineSide.Debit, new(171_75, "USD"), "6110", "Train", Json("""["D20"]""")), new("2", LineSide.Credit, new(171_75, "USD"), "2400", null, null)],
        Counterparty: Json("""{"id":"v-10","name":"Rail Europe"}"""), User: Json("""{"name":"Mira Okafor"}"""),
        Files: Json("""[{"url":"https://files.example.com/r/9.pdf","type":"application/pdf","size":1024}]"""),
        Facets: Json("""{"export_jobs":{"type":"card_purchase"},"accounting_records":{"memo":null}}"""));

    public static readonly RecordContent OtherContent = Content with { Text = "Site visit Lille" };

    public static Situation<RecordCommand, RecordState, RecordEvent> Given(params RecordEvent[] past) => Rules.Given(past);

    public static Register Register(RecordContent content) => new(Number, Uuid, content, ContentHash.Of(content));

    public static RecordRegistered Registered(Stage stage = Stage.Ready) => new(Number, Uuid, Content with { Stage = stage }, ContentHash.Of(Content));

    public static RecordRevised Revised(RecordContent content) => new(content, ContentHash.Of(content));

    public static RecordStageChanged StageChanged(Stage stage) => new(stage);

    public static RecordWithdrawn Withdrawn { get; } = new();

    public static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
