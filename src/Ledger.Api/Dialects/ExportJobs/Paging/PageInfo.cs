using System.Text.Json;
using Ledger.Projections.Jobs.Pages;

namespace Ledger.Api.Dialects.ExportJobs.Paging;

/// <summary>Writes the <c>pagination</c> member of a list: where the page stands, and the request as it was understood.</summary>
internal static class PageInfo
{
    /// <param name="total">Left out when null.</param>
    public static void Write<T>(Utf8JsonWriter json, PageRequest request, Page<T> page, long? total)
    {
        json.WriteStartObject("pagination");
        WriteRequest(json, request);
        json.WriteBoolean("hasNextPage", page.HasNext);
        json.WriteBoolean("hasPreviousPage", page.HasPrevious);
        if (page.First is { } first) json.WriteString("startCursor", PageCursor.Write(first, request.Scope, request.Key));
        if (page.Last is { } last) json.WriteString("endCursor", PageCursor.Write(last, request.Scope, request.Key));
        if (total is { } count) json.WriteNumber("total", count);
        json.WriteEndObject();
    }

    private static void WriteRequest(Utf8JsonWriter json, PageRequest request)
    {
        json.WriteStartObject("currentRequestPagination");
        json.WriteStartObject("parameters");
        foreach (var (name, values) in request.Parameters) WriteStrings(json, name, values);
        json.WriteEndObject();
        if (request.After is { } after) json.WriteString("after", after);
        if (request.Before is { } before) json.WriteString("before", before);
        json.WriteNumber("limit", request.Question.Limit);
        if (request.Offset is { } offset) json.WriteNumber("offset", offset);
        if (request.SortingKeys.Count > 0) WriteStrings(json, "sortingKeys", request.SortingKeys);
        if (request.SortingOrder.Count > 0) WriteStrings(json, "sortingOrder", request.SortingOrder);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
