using System.Text.Json;
using Ledger.Api.Commands;
using Ledger.Api.Input;
using Ledger.Domain;

namespace Ledger.Api.Native.Records;

/// <summary>Records of one transaction, each with its place; those that cannot be read are answered beside the others.</summary>
internal sealed class RecordBatch
{
    private readonly List<IncomingRecord> _records = [];
    private readonly List<RecordResult?> _results = [];
    private readonly List<long?> _lines = [];

    public int Count => _results.Count;

    /// <summary>Of the records that can be read.</summary>
    public IEnumerable<RecordId> Ids => _records.Select(record => record.Id);

    /// <param name="prefix">Pointer of the record in the body.</param>
    public void Add(JsonElement element, string prefix, long? line = null)
    {
        var faults = new JsonFaults();
        if (RecordInput.Read(element, faults) is { } record)
        {
            _records.Add(record);
            _results.Add(null);
            _lines.Add(line);
        }
        else
        {
            Reject(RecordResult.IdOf(element), ItemProblem.Of(faults, prefix), line);
        }
    }

    public void Reject(string? id, ItemProblem problem, long? line)
    {
        _results.Add(RecordResult.Rejected(id, problem, line));
        _lines.Add(line);
    }

    /// <summary>Registers what can be read; when it returns, that is durable. In the order added.</summary>
    public async Task<List<RecordResult>> RegisterAsync(RegisterRecords register, CommandContext context, CancellationToken cancellationToken, Turn? turn = null)
    {
        var registered = _records.Count == 0 ? [] : await register.HandleAsync(context, _records, cancellationToken, turn);
        var next = 0;
        return [.. _results.Select((result, index) => result ?? RecordResult.Of(registered[next++], _lines[index]))];
    }
}
