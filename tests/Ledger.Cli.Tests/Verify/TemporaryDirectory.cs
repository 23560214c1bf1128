namespace Ledger.Cli.Tests.Verify;

/// <summary>A path that does not exist yet, deleted at the end with everything in it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Name { get; } = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}");

    public string File(string name) => Path.Combine(Name, name);

    public void Dispose()
    {
        if (Directory.Exists(Name)) Directory.Delete(Name, recursive: true);
    }
}
