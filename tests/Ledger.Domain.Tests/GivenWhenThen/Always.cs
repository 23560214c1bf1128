using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Domain.Tests.GivenWhenThen;

/// <summary>Statements about everything a generator can make. A failure shows the shrunk case and the seed that repeats it.</summary>
public static class Always
{
    public static void Holds<T>(Gen<T> values, Action<T> statement, int runs = 500) => Holds(Arb.From(values), statement, runs);

    public static void Holds<T>(Arbitrary<T> values, Action<T> statement, int runs = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs).WithQuietOnSuccess(true), Prop.ForAll(values, statement));

    /// <summary>Lists that shrink by leaving elements out, so that a failing history comes back as short as it can be.</summary>
    public static Arbitrary<T[]> ListsOf<T>(Gen<T> elements) =>
        Arb.From(elements.ArrayOf(), list => Enumerable.Range(0, list.Length).Select(left => list.Where((_, index) => index != left).ToArray()));
}
