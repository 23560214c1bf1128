using Ledger.EventStore.Sealing;

namespace Ledger.EventStore.Tests.Histories;

/// <summary>One sealer for many histories at once: whoever waited while another seal began and ended need not seal again.</summary>
internal sealed class SharedSealer(Sealer sealer) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private int _begun;   // grows inside the gate, before the seal reads

    public async Task SealAsync()
    {
        var begunBefore = Volatile.Read(ref _begun);
        await _gate.WaitAsync();
        try
        {
            if (_begun > begunBefore) return;
            _begun++;
            while (await sealer.SealAsync() > 0) { }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
