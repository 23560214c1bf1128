using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.ThePast;

/// <summary>Everything that can be asked of now and of the past, and the answers as they were sent.</summary>
internal sealed class Questions(TestTenant tenant)
{
    /// <summary>Every answer at a position, by question; lists are asked page by page, cursors included.</summary>
    public async Task<Dictionary<string, string>> AtAsync(long position, IEnumerable<string> paths)
    {
        var answers = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            foreach (var (question, answer) in await PagesAsync(path, $"as_of_position={position}")) answers.Add(question, answer.Status == HttpStatusCode.OK ? answer.Text : answer.Status.ToString());
        }
        return answers;
    }

    /// <summary>What the answer of now and the answer about a position have in common: all but what they say they speak for, and their cursors.</summary>
    public async Task<string> ContentAsync(string path, string? query)
    {
        var contents = new List<string>();
        foreach (var (_, answer) in await PagesAsync(path, query)) contents.Add(Content(answer));
        return string.Join('\n', contents);
    }

    public static IEnumerable<string> Paths(int records, IEnumerable<string> jobs) =>
    [
        "/ledger/v1/systems",
        .. History.Systems.Select(system => $"/ledger/v1/systems/{Uri.EscapeDataString(system)}/not-exported?limit=2"),
        .. Enumerable.Range(1, records).Select(record => $"/ledger/v1/records/{record}"),
        .. Enumerable.Range(1, records).SelectMany(record => History.Systems.Select(system => $"/ledger/v1/systems/{Uri.EscapeDataString(system)}/items/{record}")),
        "/ledger/v1/records/1/timeline?limit=3",
        .. jobs.SelectMany(job => (string[])[$"/ledger/v1/jobs/{job}", $"/ledger/v1/jobs/{job}/timeline?limit=3"]),
    ];

    /// <summary>The differences between two positions, page by page.</summary>
    public async Task<List<JsonElement>> DifferencesAsync(long from, long to, string? system)
    {
        var differences = new List<JsonElement>();
        var path = $"/ledger/v1/diff?from={from}&to={to}&limit=2{(system is null ? "" : $"&system_id={Uri.EscapeDataString(system)}")}";
        foreach (var (_, answer) in await PagesAsync(path, null)) differences.AddRange(answer.Ok().GetProperty("differences").EnumerateArray());
        return differences;
    }

    private async Task<List<(string Question, Answer Answer)>> PagesAsync(string path, string? query)
    {
        var pages = new List<(string, Answer)>();
        for (var cursor = ""; ;)
        {
            string[] parameters = [.. new[] { query, cursor }.OfType<string>().Where(text => text.Length > 0)];
            var question = parameters.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', parameters)}";
            var answer = await tenant.Http.AskAsync(question);
            pages.Add((question, answer));
            if (answer.Status != HttpStatusCode.OK || !answer.Json.TryGetProperty("next_cursor", out var next) || next.GetString() is not { } text) return pages;
            cursor = $"cursor={text}";
        }
    }

    private static string Content(Answer answer)
    {
        if (answer.Status != HttpStatusCode.OK) return answer.Status.ToString();
        foreach (var list in (string[])["systems", "items", "events"])
            if (answer.Json.TryGetProperty(list, out var rows)) return rows.GetRawText();
        return string.Join(',', answer.Json.EnumerateObject().Where(member => member.Name != "as_of").Select(member => $"{member.Name}:{member.Value.GetRawText()}"));
    }
}
