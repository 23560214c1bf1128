using FsCheck;
using FsCheck.Fluent;

namespace Ledger.EventStore.Tests.Histories;

/// <summary>One step of a random history of a tenant.</summary>
internal abstract record Step
{
    /// <summary>Appends to one or more streams; each part is decided on the stream's version plus <c>Offset</c>, which is wrong unless it is 0.</summary>
    public sealed record Append(IReadOnlyList<(string Stream, int Offset, int Count)> Parts) : Step
    {
        public override string ToString() => $"append {string.Join(", ", Parts)}";
    }

    public sealed record Read(string Stream, int UpToVersion) : Step;

    public sealed record ReadMerged(IReadOnlyList<string> Streams) : Step
    {
        public override string ToString() => $"read merged {string.Join(", ", Streams)}";
    }

    public sealed record Seal : Step;
}

internal sealed record History(IReadOnlyList<Step> Steps)
{
    private static readonly string[] Names = ["record/1", "item/erp/1", "item/crm/1", "job/1"];

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (6, Gen.SubListOf(Names).Where(names => names.Count > 0).SelectMany(names => Gen.CollectToList(names, Part)).Select(Step (parts) => new Step.Append([.. parts]))),
        (2, Gen.Elements(Names).SelectMany(name => Gen.Choose(0, 6).Select(Step (version) => new Step.Read(name, version)))),
        (1, Gen.SubListOf(Names).Select(Step (names) => new Step.ReadMerged([.. names]))),
        (1, Gen.Constant<Step>(new Step.Seal())));

    /// <summary>Zero to a dozen steps over four streams; shrinks by leaving out steps.</summary>
    public static Arbitrary<History> Any { get; } = Arb.From(
        Gen.Choose(0, 12).SelectMany(count => Gen.ListOf(AnyStep, count)).Select(steps => new History([.. steps])),
        history => history.Steps.Select((_, left) => new History([.. history.Steps.Where((_, index) => index != left)])));

    public override string ToString() => string.Join("; ", Steps);

    private static Gen<(string Stream, int Offset, int Count)> Part(string name) =>
        Gen.Frequency((12, Gen.Constant(0)), (1, Gen.Constant(-1)), (1, Gen.Constant(1)))
            .SelectMany(offset => Gen.Choose(0, 3).Select(count => (name, offset, count)));
}
