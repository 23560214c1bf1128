using Ledger.Simulation.Tests.Service;

namespace Ledger.Simulation.Tests.Clients;

/// <summary>One delivery of a request, as its client saw it.</summary>
/// <param name="Invoked">Transactions committed when the request was sent first.</param>
/// <param name="Answered">Transactions committed when the answer arrived.</param>
/// <param name="Answer">Null: unknown. It may have been carried out, or may yet be.</param>
internal sealed record Observation(Sent Sent, int Delivery, long Invoked, long Answered, Answer? Answer)
{
    public Reply? Reply { get; } = Answer is { Status: 200, Body: { } body } ? System.Text.Json.JsonSerializer.Deserialize<Reply>(body) : null;
}
