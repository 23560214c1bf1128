namespace Ledger.Api.Errors;

/// <summary>Answers a fault in the shape of the route: <c>return new FaultResult(fault);</c></summary>
public sealed class FaultResult(Fault fault) : IResult
{
    public Fault Fault { get; } = fault;

    public Task ExecuteAsync(HttpContext httpContext) => httpContext.WriteFaultAsync(Fault);
}
