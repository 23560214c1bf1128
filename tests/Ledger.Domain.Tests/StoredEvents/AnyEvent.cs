using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Integrations;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests.StoredEvents;

/// <summary>Any event with any members.</summary>
internal static class AnyEvent
{
    private static readonly Gen<string> Text = Texts.Unicode(0, 60);
    private static readonly Gen<string?> PerhapsText = OrNull(Text);
    private static readonly Gen<bool> EitherWay = Gen.Elements(true, false);
    private static readonly Gen<long> Number = Gen.OneOf(Gen.Elements(0L, -1L, (1L << 53) + 1, -(1L << 53) - 1, long.MaxValue, long.MinValue), Texts.Uuid.Select(bits => BitConverter.ToInt64(bits.ToByteArray())));
    private static readonly Gen<AttemptId> Attempt = Number.Select(bits => new AttemptId(bits));
    private static readonly Gen<AttemptId?> PerhapsAttempt = Gen.OneOf(Attempt.Select(id => (AttemptId?)id), Gen.Constant<AttemptId?>(null));
    private static readonly Gen<JobId?> PerhapsJob = Gen.OneOf(Texts.Uuid.Select(id => (JobId?)new JobId(id)), Gen.Constant<JobId?>(null));
    private static readonly Gen<DateTimeOffset?> PerhapsTime = Gen.OneOf(
        from ticks in Texts.Uuid.Select(bits => (BitConverter.ToInt64(bits.ToByteArray()) & long.MaxValue) % DateTimeOffset.MaxValue.Ticks) select (DateTimeOffset?)new DateTimeOffset(ticks, TimeSpan.Zero),
        Gen.Elements<DateTimeOffset?>(null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));

    private static readonly Gen<Money> Amount = from value in Number from currency in Gen.Elements("EUR", "JPY", "KWD") select new Money(value, currency);

    private static readonly Gen<JsonElement?> PerhapsJson = Gen.OneOf(
        Gen.Constant<JsonElement?>(null),
        from text in Json(3) select (JsonElement?)JsonSerializer.Deserialize<JsonElement>(text));

    private static readonly Gen<RecordLine> Line =
        from id in PerhapsText
        from side in AnyOf<LineSide>()
        from amount in Amount
        from account in PerhapsText
        from text in PerhapsText
        from tags in PerhapsJson
        select new RecordLine(id, side, amount, account, text, tags);

    public static readonly Gen<RecordContent> Contents =
        from kind in AnyOf<RecordKind>()
        from source in AnyOf<SourceType>()
        from stage in AnyOf<Stage>()
        from amount in Amount
        from posted in PerhapsTime
        from created in PerhapsTime
        from updated in PerhapsTime
        from text in PerhapsText
        from account in PerhapsText
        from contra in PerhapsText
        from lines in Line.ArrayOf().Resize(5)
        from counterparty in PerhapsJson
        from user in PerhapsJson
        from files in PerhapsJson
        from facets in PerhapsJson
        select new RecordContent(kind, source, stage, amount, posted, created, updated, text, account, contra, lines, counterparty, user, files, facets);

    public static Gen<object> Generator { get; } = Gen.OneOf<object>(
        from number in Number from uuid in Texts.Uuid from content in Contents from hash in Text select (object)new RecordEvent.RecordRegistered(number, uuid, content, hash),
        from content in Contents from hash in Text select (object)new RecordEvent.RecordRevised(content, hash),
        from stage in AnyOf<Stage>() select (object)new RecordEvent.RecordStageChanged(stage),
        Gen.Elements<object>(new RecordEvent.RecordWithdrawn(), new JobEvent.JobStarted(), new IntegrationEvent.IntegrationDisconnected(), new IntegrationEvent.IntegrationReactivated()),
        from attempt in Attempt from job in PerhapsJob from ordinal in Gen.Choose(0, int.MaxValue) from opener in Text select (object)new ItemEvent.ExportRequested(attempt, job, ordinal, opener),
        from attempt in Attempt from status in AnyOf<AttemptStatus>() select (object)new ItemEvent.ExportProgressed(attempt, status),
        from attempt in PerhapsAttempt from id in PerhapsText from url in PerhapsText from at in PerhapsTime from note in PerhapsText select (object)new ItemEvent.ItemExported(attempt, id, url, at, note),
        from attempt in PerhapsAttempt from type in PerhapsText from reason in PerhapsText select (object)new ItemEvent.ItemFailed(attempt, type, reason),
        from attempt in PerhapsAttempt from note in PerhapsText select (object)new ItemEvent.RecordMarkedExported(attempt, note),
        from attempt in Attempt select (object)new ItemEvent.ExportAbandoned(attempt),
        from attempt in Attempt select (object)new ItemEvent.ExportCancelled(attempt),
        from reason in PerhapsText select (object)new ItemEvent.ExportReopened(reason),
        from system in Text
        from origin in AnyOf<JobOrigin>()
        from employee in OrNull(Texts.Uuid)
        from one in EitherWay
        from other in EitherWay
        from items in Gen.Choose(0, int.MaxValue)
        from batch in PerhapsText
        select (object)new JobEvent.JobCreated(new(system), origin, employee, one, other, items, batch),
        from errors in EitherWay select (object)new JobEvent.JobCompleted(errors),
        from type in PerhapsText from reason in PerhapsText from expired in EitherWay select (object)new JobEvent.JobFailed(type, reason, expired),
        from vendor in Text from account in Text select (object)new IntegrationEvent.IntegrationConnected(vendor, account));

    private static Gen<T> AnyOf<T>() where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    private static Gen<string?> OrNull(Gen<string> texts) => Gen.OneOf(texts.Select(text => (string?)text), Gen.Constant<string?>(null));

    private static Gen<Guid?> OrNull(Gen<Guid> ids) => Gen.OneOf(ids.Select(id => (Guid?)id), Gen.Constant<Guid?>(null));

    /// <summary>Objects and lists of anything, numbers beyond every .NET type among it. Not the literal null alone: that is no value here.</summary>
    private static Gen<string> Json(int depth)
    {
        var leaves = Gen.OneOf(Text.Select(text => JsonSerializer.Serialize(text)), Gen.Elements("true", "false", "0", "-1.50", "1e400", "123456789012345678901234567890.123"));
        if (depth == 0) return leaves;
        var inner = Gen.OneOf(Json(depth - 1), Gen.Constant("null"));
        return Gen.OneOf(
            leaves,
            inner.ArrayOf().Resize(4).Select(items => $"[{string.Join(',', items)}]"),
            inner.ArrayOf().Resize(4).Select(items => $"{{{string.Join(',', items.Select((item, index) => $"\"m{index}\":{item}"))}}}"));
    }
}
