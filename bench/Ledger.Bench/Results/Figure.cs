namespace Ledger.Bench.Results;

/// <summary>One cell of the table: what was to be reached, what was measured.</summary>
/// <param name="Line">Of the table, from 1.</param>
/// <param name="Spread">Of the runs; empty where there is one number only.</param>
/// <param name="Held">Null: told for orientation, nothing was promised.</param>
internal sealed record Figure(int Line, string What, string Reach, string Measured, string Spread, bool? Held);
