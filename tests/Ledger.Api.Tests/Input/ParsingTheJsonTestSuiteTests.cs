using System.Text.Json;
using Ledger.Api.Errors;
using Ledger.Api.Input;

namespace Ledger.Api.Tests.Input;

/// <summary>The corpus of nst/JSONTestSuite (MIT licence): <c>y_</c> is JSON, <c>n_</c> is none, <c>i_</c> may be either.</summary>
public sealed class ParsingTheJsonTestSuiteTests
{
    /// <summary>JSON by RFC 8259, refused by our own rules; each with what it breaks.</summary>
    private static readonly Dictionary<string, string> RefusedOnPurpose = new()
    {
        ["y_object_duplicated_key.json"] = "The member occurs twice in its object.",
        ["y_object_duplicated_key_and_value.json"] = "The member occurs twice in its object.",
        ["y_object_escaped_null_in_key.json"] = "A member name is wrong: U+0000 is not accepted in text.",
        ["y_string_null_escape.json"] = "U+0000 is not accepted in text.",
    };

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Input", "json-test-suite"), "*.json").Select(file => Path.GetFileName(file)).Order()];

    [Fact]
    public void Has_the_whole_corpus() => Files.Count.ShouldBe(318);

    [Theory]
    [MemberData(nameof(Files))]
    public void Decides_every_file_as_the_suite_does(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Input", "json-test-suite", file));
        using var document = StrictJson.Parse(bytes, JsonLimits.Dialect, out var fault);
        (document is null).ShouldBe(fault is not null);
        if (RefusedOnPurpose.TryGetValue(file, out var message)) fault!.Message.ShouldBe(message);
        else if (file.StartsWith("y_", StringComparison.Ordinal)) fault.ShouldBeNull();
        else if (file.StartsWith("n_", StringComparison.Ordinal)) fault.ShouldNotBeNull();
        ReadsEveryMember(document);
    }

    /// <summary>What was accepted can be read and written without an exception, whatever it holds.</summary>
    private static void ReadsEveryMember(JsonDocument? document)
    {
        if (document is null) return;
        var faults = new JsonFaults();
        var members = JsonMembers.Of(document.RootElement, faults);
        foreach (var name in members.IsPresent ? document.RootElement.EnumerateObject().Select(member => member.Name) : [])
        {
            members.OptionalString(name, 10);
            members.OptionalInt64(name, 0, 10);
            members.OptionalDecimal(name);
            members.OptionalBoolean(name);
            members.OptionalDateOrDateTime(name);
            members.OptionalUuid(name);
            members.OptionalObject(name);
            members.OptionalObjects(name, 3);
            members.OptionalStrings(name, 3, 3);
        }
        JsonSerializer.SerializeToUtf8Bytes(document.RootElement).ShouldNotBeEmpty();
        foreach (FaultDetail detail in faults.Details) detail.Message.ShouldNotBeEmpty();
    }
}
