using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Proof.Tests;

/// <summary>Statements about everything a generator can make. A failure shows the shrunk case and the seed that repeats it.</summary>
internal static class Always
{
    public static void Holds<T>(Gen<T> values, Action<T> statement, int runs = 500) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs).WithQuietOnSuccess(true), Prop.ForAll(Arb.From(values), statement));
}
