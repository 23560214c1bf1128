using System.IO.MemoryMappedFiles;

/// <summary>
/// Loaded by the runtime into the measured service (DOTNET_STARTUP_HOOKS), where it writes the runtime's own counters into a file both
/// processes have mapped. The service knows nothing of it, and it costs a timer tick.
/// </summary>
internal static class StartupHook
{
    public const string FileVariable = "LEDGER_BENCH_COUNTERS";
    public const int Counters = 4;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static MemoryMappedViewAccessor? s_view;
    private static Timer? s_timer;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } file) return;
        s_view = MemoryMappedFile.CreateFromFile(file, FileMode.Open).CreateViewAccessor(0, Counters * sizeof(long));
        s_timer = new Timer(static _ => Write(), null, TimeSpan.Zero, Interval);
    }

    private static void Write()
    {
        s_view!.Write(0, GC.GetTotalAllocatedBytes());
        s_view.Write(8, (long)GC.CollectionCount(0));
        s_view.Write(16, (long)GC.CollectionCount(2));
        s_view.Write(24, GC.GetTotalPauseDuration().Ticks);
    }
}
