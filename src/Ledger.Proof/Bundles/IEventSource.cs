namespace Ledger.Proof.Bundles;

/// <summary>Events of a file in the order they stand there, one at a time.</summary>
internal interface IEventSource
{
    /// <summary>Goes to the next event; false at the end of the file.</summary>
    /// <exception cref="FoundException">The text is no event.</exception>
    /// <param name="expected">The position that is due, to name a place that cannot be read.</param>
    bool Read(long expected);

    /// <summary>The position the event read last states.</summary>
    long Position { get; }

    /// <summary>Checks the event read last.</summary>
    /// <returns>The hash of its leaf.</returns>
    /// <exception cref="FoundException"/>
    Tree.Digest Leaf();

    /// <summary>The stream of the event read last as plain UTF-8.</summary>
    byte[] Stream();
}
