using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Ledger.EventStore.Tests.Histories;

/// <summary>Whatever is appended, refused, read and sealed in whatever order: the store says what a few lists in memory say.</summary>
public sealed class RandomHistoriesTests : IAsyncLifetime
{
    private const int Histories = 10_000, Side = 8;

    private LedgerDatabase _ledger = null!;
    private SharedSealer _sealer = null!;
    private int _appends, _conflicts, _held;

    public async ValueTask InitializeAsync()
    {
        _ledger = await LedgerDatabase.CreateAsync();
        _sealer = new SharedSealer(await Sealing.SealedOrder.LeadAsync(_ledger));
    }

    public ValueTask DisposeAsync()
    {
        _sealer.Dispose();
        return _ledger.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_of_them_agree_with_the_model()
    {
        // Each history has a tenant of its own, so that many can share the database and run side by side.
        await Task.WhenAll(Enumerable.Range(0, Side).Select(_ => Task.Factory.StartNew(
            () => Prop.ForAll(History.Any, history => RunAsync(history).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories / Side)),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        _appends.ShouldBeGreaterThan(Histories);
        _conflicts.ShouldBeGreaterThan(Histories / 10);
        _held.ShouldBeGreaterThan(Histories / 10);
        await Sealing.SealedOrder.ShouldBeSealedCompletelyAsync(_ledger);
    }

    private async Task RunAsync(History history)
    {
        var (tenant, model) = (LedgerDatabase.NewTenant(), new LedgerModel());
        foreach (var step in history.Steps)
        {
            switch (step)
            {
                case Step.Append append: await AppendAsync(tenant, model, append); break;
                case Step.Read read: await ReadAsync(tenant, model, read); break;
                case Step.ReadMerged merged: await ReadMergedAsync(tenant, model, merged.Streams); break;
                case Step.Seal: await SealAsync(tenant, model); break;
            }
        }
        await SealAsync(tenant, model);
        await ReadMergedAsync(tenant, model, [.. model.Appended.Select(appended => appended.Stream)]);
    }

    private async Task AppendAsync(string tenant, LedgerModel model, Step.Append append)
    {
        StreamAppend[] streams = [.. append.Parts.Select(part => Planned(model, part))];
        if (streams.All(stream => stream.Events.Count == 0)) streams[0] = Sample.To(streams[0].StreamId, streams[0].ExpectedVersion);
        var expected = model.Append(streams);

        var result = await _ledger.Store.AppendAsync(tenant, Sample.Metadata, streams);

        var actual = result is AppendResult.Conflict conflict ? conflict.Streams : [];
        actual.ShouldBe(expected);
        Interlocked.Add(ref _appends, expected.Count == 0 ? 1 : 0);
        Interlocked.Add(ref _conflicts, expected.Count > 0 ? 1 : 0);
        Interlocked.Add(ref _held, streams.Count(stream => stream.Events.Count == 0));
    }

    private static StreamAppend Planned(LedgerModel model, (string Stream, int Offset, int Count) part)
    {
        var expected = Math.Max(0, model.Version(part.Stream) + part.Offset);
        return Sample.To(part.Stream, expected, expected == 0 ? Math.Max(1, part.Count) : part.Count);
    }

    private async Task ReadAsync(string tenant, LedgerModel model, Step.Read read) =>
        ShouldAgree(await _ledger.Store.ReadStreamAsync(tenant, read.Stream, read.UpToVersion), [.. model.Stream(read.Stream).Take(read.UpToVersion)]);

    private async Task ReadMergedAsync(string tenant, LedgerModel model, IReadOnlyCollection<string> streams)
    {
        var read = await _ledger.Store.ReadStreamsAsync(tenant, streams);
        ShouldAgree(read, [.. model.Appended.Where(appended => streams.Contains(appended.Stream))]);
        // Another history may have sealed them or not; a position, once there, is the place in the order of appends.
        foreach (var recorded in read.Where(recorded => recorded.Position is not null))
            model.Appended[(int)recorded.Position! - 1].Given.Id.ShouldBe(recorded.Id);
    }

    private async Task SealAsync(string tenant, LedgerModel model)
    {
        await _sealer.SealAsync();
        var feed = await _ledger.Store.ReadFeedAsync(tenant, 0, int.MaxValue);
        ShouldAgree(feed, model.Appended);
        feed.Select(recorded => recorded.Position).ShouldBe(Enumerable.Range(1, feed.Count).Select(position => (long?)position));
    }

    private static void ShouldAgree(List<RecordedEvent> actual, List<LedgerModel.Event> expected)
    {
        actual.Select(recorded => (recorded.StreamId, recorded.Version, recorded.Id)).ShouldBe(expected.Select(appended => (appended.Stream, appended.Version, appended.Given.Id)));
        foreach (var (recorded, appended) in actual.Zip(expected))
            JsonElement.DeepEquals(Json(recorded.Data), Json(appended.Given.Data)).ShouldBeTrue();
    }

    private static JsonElement Json(byte[] utf8) => JsonElement.Parse(utf8);
}
