namespace Ledger.Api.Tests.OneTruth;

/// <summary>What the ledger should know, kept by hand: no event, no stream, no SQL. One system, a few records.</summary>
internal sealed class Model(int records)
{
    public sealed class Item
    {
        public bool Ready { get; set; } = true;
        public bool Exported { get; set; }

        /// <summary>The last outcome was a failure, and nothing has superseded it.</summary>
        public bool Failed { get; set; }

        /// <summary>Failed, and not made ready again since: what the accounting records API calls REVIEW.</summary>
        public bool FailedSinceReady { get; set; }

        public Try? Latest { get; set; }
        public Try? Open => Latest is { IsOpen: true } ? Latest : null;
        public string Status => Exported ? "exported" : !Ready ? "withheld" : Open is not null ? "processing" : Failed ? "failed" : "offered";
    }

    /// <summary>One attempt: an export, or an item of a job.</summary>
    public sealed class Try(int record, bool ofJob)
    {
        public int Record => record;
        public bool OfJob => ofJob;
        public string Status { get; set; } = "pending";

        /// <summary>What it ended with: the reference, or type and reason of the failure.</summary>
        public string? Result { get; set; }
        public bool IsOpen => Status == "pending";
    }

    public IReadOnlyDictionary<int, Item> Items { get; } = Enumerable.Range(1, records).ToDictionary(number => number, _ => new Item());
    public List<Try> Exports { get; } = [];
    public List<Try> JobItems { get; } = [];
    public string? JobStatus { get; set; }
    public bool JobIsUnfinished => JobStatus is "pending" or "in_progress";

    public IEnumerable<int> Offered => Items.Where(item => item.Value is { Ready: true, Exported: false }).Select(item => item.Key);

    public void Succeed(int record, string? reference)
    {
        var item = Items[record];
        (item.Exported, item.Failed, item.FailedSinceReady) = (true, false, false);
        if (item.Open is { } open) (open.Status, open.Result) = ("successful", reference);
    }

    /// <param name="failure">Type and reason.</param>
    public void Fail(int record, string failure)
    {
        var item = Items[record];
        (item.Failed, item.FailedSinceReady) = (true, true);
        if (item.Open is { } open) (open.Status, open.Result) = ("failed", failure);
    }

    public void Reopen(int record)
    {
        var item = Items[record];
        (item.Exported, item.Failed, item.FailedSinceReady) = (false, false, false);
    }

    public void SetStage(int record, bool ready)
    {
        var item = Items[record];
        if (ready && !item.Ready) item.FailedSinceReady = false;
        item.Ready = ready;
    }

    public Try Request(int record, bool ofJob)
    {
        var item = Items[record];
        (item.Failed, item.FailedSinceReady) = (false, false);
        return item.Latest = new Try(record, ofJob);
    }

    public void EndJob(string status)
    {
        JobStatus = status;
        foreach (var open in JobItems.Where(item => item.IsOpen)) open.Status = "abandoned";
    }
}
