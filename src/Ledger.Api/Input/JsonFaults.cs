using Ledger.Api.Errors;

namespace Ledger.Api.Input;

/// <summary>Collects every wrong place of one body, so that a caller can mend all of them at once.</summary>
public sealed class JsonFaults
{
    /// <summary>More would make the answer larger than it is useful.</summary>
    public const int MostReported = 100;

    private readonly List<FaultDetail> _details = [];

    public bool Any => _details.Count > 0;

    /// <summary>In the order they were found, at most <see cref="MostReported"/>.</summary>
    public IReadOnlyList<FaultDetail> Details => _details;

    public void Add(string pointer, string message)
    {
        if (_details.Count < MostReported) _details.Add(new FaultDetail(pointer, message));
    }

    /// <summary>Null when nothing is wrong: <c>if (faults.ToFault() is { } fault) return new FaultResult(fault);</c></summary>
    public Fault? ToFault() => Any ? Fault.Invalid(_details) : null;
}
