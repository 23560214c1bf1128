using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ledger.Faults.Machines;

/// <summary>The servers this process has started: none of them outlives it, also when it is told to stop.</summary>
internal static class Children
{
    private static readonly ConcurrentBag<Process> Started = [];
    private static readonly ConcurrentBag<string> Folders = [];

    /// <summary>The first lines the servers have said since they were taken.</summary>
    private static readonly ConcurrentQueue<string> Said = [];
    private const int MostLines = 200;

    // The runtime itself does nothing about these signals.
    private static readonly PosixSignalRegistration[] Signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Environment.Exit(130);
    }))];
    private static volatile bool _isEnding;

    static Children() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        _isEnding = true;
        End();
        GC.KeepAlive(Signals);
    };

    public static Process Start(ProcessStartInfo command)
    {
        // Somebody may want to start again what is being ended.
        if (_isEnding) throw new InvalidOperationException("The campaign is being stopped.");
        (command.RedirectStandardError, command.RedirectStandardOutput) = (true, true);
        var process = Process.Start(command)!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text && Said.Count < MostLines) Said.Enqueue(text);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Started.Add(process);
        return process;
    }

    /// <summary>What they have said since this was asked last, the first of it: the services only what they could not explain.</summary>
    public static List<string> TakeWords()
    {
        List<string> words = [];
        while (Said.TryDequeue(out var line)) words.Add(line);
        return words;
    }

    /// <summary>A new folder under /tmp, gone when this process is.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine("/tmp", $"ledger-faults-{Guid.NewGuid():N}")).FullName;
        Folders.Add(folder);
        return folder;
    }

    private static void End()
    {
        foreach (var process in Started)
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended, and its owner has let go of it.
            }
        }
        foreach (var folder in Folders.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A child of a killed server still writes, or something is mounted there: the system clears /tmp.
            }
        }
    }
}
