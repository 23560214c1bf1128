using Ledger.Proof.Bundles;

namespace Ledger.Cli.Verify;

/// <summary>A bundle on disk: three files of known names, read from end to end.</summary>
internal sealed class BundleDirectory(string path)
{
    /// <summary>Bytes of the files a verification reads.</summary>
    public long Length => new[] { BundleManifest.NdjsonName, BundleManifest.CsvName, BundleManifest.ProofName }.Select(Path).Where(File.Exists).Sum(file => new FileInfo(file).Length);

    public string Path(string name) => System.IO.Path.Combine(path, name);

    /// <returns>Null: there is no such file.</returns>
    public Stream? Open(string name) =>
        File.Exists(Path(name)) ? new FileStream(Path(name), new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }) : null;

    /// <summary>Verifies the bundle; a disk that cannot be read ends the command.</summary>
    public BundleReport Verify(IReadOnlyList<string>? pinned, Action<long, long> progress)
    {
        if (!Directory.Exists(path)) throw CommandFailure.BadInput($"There is no directory '{path}'.");
        var (done, length) = (0L, Length);
        try
        {
            return new BundleVerifier(Open, pinned, read => progress(done += read, length)).Verify();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.BadInput($"The bundle cannot be read: {fault.Message}", fault);
        }
    }
}
