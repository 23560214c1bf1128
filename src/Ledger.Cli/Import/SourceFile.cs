using Ledger.Cli.Terminal;

namespace Ledger.Cli.Import;

internal static class SourceFile
{
    /// <exception cref="CommandFailure">There is no such file, or it may not be read.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read,
                BufferSize = 128 * 1024,
                Options = FileOptions.SequentialScan,
            });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var why = problem is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : problem.Message;
            throw CommandFailure.BadInput($"Cannot read {Printable.Line(path)}: {Printable.Line(why)}.", problem);
        }
    }
}
