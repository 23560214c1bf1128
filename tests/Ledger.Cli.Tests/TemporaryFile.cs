namespace Ledger.Cli.Tests;

internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string content) => File.WriteAllText(Name, content);

    public TemporaryFile(byte[] content) => File.WriteAllBytes(Name, content);

    public string Name { get; } = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Name);
}
