namespace Ledger.Simulation.Tests.Clients;

/// <summary>What the service answered.</summary>
/// <param name="Wrote">Whether anything was written; null when the answer does not tell.</param>
/// <param name="Effects">Streams it says it appended to.</param>
/// <param name="Claims">What it says is so.</param>
internal sealed record Reply(bool? Wrote, IReadOnlyList<Effect> Effects, IReadOnlyList<Claim> Claims, string? Attempt = null, string? Job = null, string? Integration = null);

/// <param name="Version">Of the last event it appended there; 0: not said.</param>
internal sealed record Effect(string StreamId, long Version);

/// <summary>A statement about a stream that must have been true at some moment between the question and the answer.</summary>
/// <param name="Word">A refusal's name; or <c>item</c>: it is as said; or <c>attempt</c>: it had this status.</param>
internal sealed record Claim(string StreamId, string Word, string? Attempt = null, string? Status = null, long Version = 0, bool Exported = false, bool Open = false);
