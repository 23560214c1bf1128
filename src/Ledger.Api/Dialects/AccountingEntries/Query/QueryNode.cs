using System.Globalization;

namespace Ledger.Api.Dialects.AccountingEntries.Query;

/// <summary>
/// A value of the query string: what PHP puts into <c>$_GET</c>. A query string alone gives only text and branches;
/// numbers, booleans and nulls come from JSON text inside a parameter.
/// </summary>
internal abstract class QueryNode
{
    /// <summary>True for what the original reads as null: nothing, the empty text, or the text <c>null</c>.</summary>
    public bool MeansNull => this is Null || (this is Text { Value: "" or "null" });

    /// <summary>True for a parameter that was sent without a value.</summary>
    public bool IsBlank => this is Null or Text { Value: "" };

    public sealed class Text(string value) : QueryNode
    {
        /// <summary>Without the white space around it: the original's framework trims every input text.</summary>
        public string Value { get; } = value.Trim();
    }

    /// <param name="raw">The digits as they were sent.</param>
    public sealed class Number(string raw) : QueryNode
    {
        public string Raw { get; } = raw;
    }

    public sealed class Boolean(bool value) : QueryNode
    {
        public bool Value { get; } = value;
    }

    public sealed class Null : QueryNode;

    /// <summary>A PHP array: an ordered map whose keys may be 0, 1, 2 … or anything else.</summary>
    public sealed class Branch : QueryNode
    {
        private readonly OrderedDictionary<string, QueryNode> _members = [];
        private long _next;
        private bool _full;
        private bool _numbered;

        public int Count => _members.Count;

        public IEnumerable<KeyValuePair<string, QueryNode>> Members => _members;

        public IEnumerable<QueryNode> Values => _members.Values;

        public QueryNode? this[string key] => _members.GetValueOrDefault(key);

        public bool Has(string key) => _members.ContainsKey(key);

        /// <summary>Sets a member; one that is already there keeps its place in the order.</summary>
        public void Set(string key, QueryNode value)
        {
            _members[key] = value;
            NoteNumber(key);
        }

        /// <summary>Adds under the number after the greatest one used so far; refused after the greatest number there is.</summary>
        public bool TryAppend(QueryNode value)
        {
            if (_full) return false;
            Set(_next.ToString(CultureInfo.InvariantCulture), value);
            return true;
        }

        // Only a canonical decimal is a number to PHP: "7" and "-5" are, "07", "+7" and "-0" are names.
        private void NoteNumber(string key)
        {
            if (!long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return;
            if (number.ToString(CultureInfo.InvariantCulture) != key) return;
            if (_numbered && number < _next) return;
            _numbered = true;
            _full = number == long.MaxValue;
            _next = _full ? number : number + 1;
        }
    }
}
