namespace Ledger.Cli.Import;

/// <summary>A file of records. Read twice: once to see that all of it can be read, once to send it.</summary>
internal interface IRecordSource
{
    /// <summary>The records from the start of the file, each as one line of JSON without line break.</summary>
    /// <exception cref="CommandFailure">The file is damaged or of another kind.</exception>
    IEnumerable<ReadOnlyMemory<byte>> Records();
}
