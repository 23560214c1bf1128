using System.Xml;

namespace Ledger.Cli.Saft;

/// <summary>
/// Walks an XML file forward, element by element, holding only the element it stands on. No DTD, no external entity:
/// an accounting file that brings either is refused by the parser.
/// </summary>
internal sealed class SaftXml : IDisposable
{
    private readonly XmlReader reader;
    private bool untouched;

    public SaftXml(Stream stream) => reader = XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    });

    public int Line => ((IXmlLineInfo)reader).LineNumber;

    /// <summary>Moves to the root element.</summary>
    public (string LocalName, string Namespace) Root()
    {
        reader.MoveToContent();
        return (reader.LocalName, reader.NamespaceURI);
    }

    /// <summary>
    /// The local names of the child elements. For each one call <see cref="Text"/> or walk its own children, to their
    /// end; one left alone is skipped.
    /// </summary>
    public IEnumerable<string> Children()
    {
        untouched = false;
        if (reader.IsEmptyElement)
        {
            reader.Read();
            yield break;
        }

        var depth = reader.Depth;
        reader.Read();
        while (reader.NodeType != XmlNodeType.EndElement || reader.Depth != depth)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                untouched = true;
                yield return reader.LocalName;
                if (untouched) reader.Skip();
                untouched = false;
            }
            else
            {
                reader.Read();
            }
        }

        reader.Read();
    }

    /// <summary>The text of the element, trimmed: exporters pad and wrap values.</summary>
    public string Text()
    {
        untouched = false;
        return reader.ReadElementContentAsString().Trim();
    }

    /// <summary>Reads past the root element, so that a file with something behind it counts as damaged.</summary>
    public void ToTheEnd()
    {
        while (reader.Read())
        {
        }
    }

    public void Dispose() => reader.Dispose();
}
