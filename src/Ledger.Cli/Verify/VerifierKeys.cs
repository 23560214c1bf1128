using Ledger.Cli.Terminal;
using Ledger.Proof.Notes;

namespace Ledger.Cli.Verify;

/// <summary>Keys the user trusts: given as such, or in a file with one per line.</summary>
internal static class VerifierKeys
{
    /// <returns>Null: none was given.</returns>
    /// <exception cref="CommandFailure">One of them is no verifier key.</exception>
    public static List<string>? Read(string[]? given)
    {
        if (given is null or []) return null;
        var keys = new List<string>();
        foreach (var text in given)
        {
            var lines = File.Exists(text) ? File.ReadAllLines(text).Where(line => line.Trim().Length > 0) : [text];
            foreach (var line in lines)
            {
                try
                {
                    using var key = NoteKey.Parse(line);
                    keys.Add(key.VerifierKey);
                }
                catch (FormatException fault)
                {
                    throw CommandFailure.Usage($"--key: {Printable.Line(fault.Message)}");
                }
            }
        }
        return keys.Count > 0 ? keys : throw CommandFailure.Usage("--key: the file has no key.");
    }
}
