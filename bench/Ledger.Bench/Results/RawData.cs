using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Ledger.Bench.Results;

/// <summary>Everything that was seen, one JSON object per run and variant, compressed; whoever doubts a figure can compute it again.</summary>
internal sealed class RawData(string file) : IAsyncDisposable
{
    private readonly StreamWriter _writer = Open(file);

    public string File => file;

    public void Add(JsonObject line) => _writer.WriteLine(line.ToJsonString());

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static StreamWriter Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new(new GZipStream(System.IO.File.Create(file), CompressionLevel.SmallestSize)) { NewLine = "\n" };
    }
}
