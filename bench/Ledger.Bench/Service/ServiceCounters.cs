using System.IO.MemoryMappedFiles;

namespace Ledger.Bench.Service;

/// <summary>The other end of <see cref="StartupHook"/>: what the service's runtime counts, at most 20 ms old.</summary>
internal sealed class ServiceCounters : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    public ServiceCounters()
    {
        File = Path.Combine(Path.GetTempPath(), $"ledger-bench-{Guid.NewGuid():N}");
        System.IO.File.WriteAllBytes(File, new byte[StartupHook.Counters * sizeof(long)]);
        _map = MemoryMappedFile.CreateFromFile(File, FileMode.Open);
        _view = _map.CreateViewAccessor();
    }

    public string File { get; }

    public long AllocatedBytes => _view.ReadInt64(0);

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        System.IO.File.Delete(File);
    }
}
