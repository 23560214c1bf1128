using System.Reflection;

namespace Ledger.Faults.Fuzzing;

/// <summary>Values that services stumble over.</summary>
internal static class Nasty
{
    /// <summary>JSON values, as text. Each may stand where the contract wants something else; none may do harm.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "2147483648", "18446744073709551616",
        "123456789012345678901234567890", "0.1000000000000000000000000000001", "1E2", "[]", "{}", "[null]", "[[]]", "{\"\":null}", "[1,\"a\",{}]", "[1,]", "{\"a\":1,}", "\"\"", "\" \"", "\"0\"", "\"-1\"", "\"true\"", "\"null\"", "\"NaN\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00Z\"", "\"2026-02-30\"", "\"2026-13-01T00:00:00Z\"", "\"2026-01-01T25:00:00Z\"", "\"10000-01-01T00:00:00Z\"", "\"2026-01-01T00:00:60Z\"", "\"2026-01-01T00:00:00+99:99\"",
        "\"-2026-01-01\"", "\"2026-01-01T00:00:00\"", "\"20260101\"", "\"00000000-0000-0000-0000-000000000000\"", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"", "\"{00000000-0000-0000-0000-000000000000}\"", "\"00000000000000000000000000000000\"",
        "\"\\u0001\"", "\"\\u007f\"", "\"\\u200b\"", "\"\\u202e\"", "\"\\ufeff\"", "\"\\uffff\"", "\"\\ud83d\\udca9\"", "\"e\\u0301\"", "\"\\t\\r\\n\"", "\"\\\\\"", "\"/\"", "\"ß\"", "\"İ\"", "\"𝔘\"",
        "\"http://[::1]/\"", "\"javascript:alert(1)\"", "\"file:///etc/passwd\"", "\"http://169.254.169.254/\"", "\"//x\"", "\"http://user:pass@x/\"", "\"https://\"",
    ];

    /// <summary>What the service's reading of JSON refuses wherever it stands (docs/limits.md, RFC 8259).</summary>
    public static IReadOnlyList<string> Refused { get; } =
    [
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\"", "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "'a'", "undefined", "\"\u0001\"", "\"\t\"", "\"\\x41\"", "\"\\u12\"", "\"open",
        "{\"a\":1,\"a\":2}", "[,1]", "{a:1}", "1 2", "/* */ 1", "tru", "NULL", Nested(33), Nested(600), Nested(20_000),
    ];

    /// <summary>Text that has meaning to SQL, JSON paths, shells, templates, logs, headers and paths.</summary>
    public static IReadOnlyList<string> Injections { get; } =
    [
        "'", "''", "\"", "\\", "\\'", "' or '1'='1", "' or 1=1 --", "'; drop table ledger.mt_events; --", "'; select pg_sleep(30); --", "\" or \"\"=\"", "1; update ledger.tenants set name='x'", "') or ('a'='a", "' union select null,null,null --",
        "$$; select 1; $$", "$1", "$2", ":tenant", "@p0", "{0}", "%s%s%n", "%", "_", "%%", "a%' or 'b' like 'b", "*", "a*", "?", "(", ")", "(((((", "[", "]", "[a", "{", "}", "^(a+)+$", "|", "&", ";", "--", "/*", "*/", "#", "\\x00", "E'\\\\x'", "U&'\\0041'",
        "::int", "null::text", "current_user", "now()", "pg_sleep(10)", "ledger.mt_events", "../../../etc/passwd", "..\\..\\x", "%2e%2e%2f", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "`id`", "$(id)", "a\r\nX-Injected: 1", "a\nb", "a\tb",
        "=1+1", "@SUM(1)", "true", "null", "0", "-1", "1e9", "created_at; drop", "created_at desc, (select 1)", "data->>'x'", "tenant_id", "$.a", "$..*", "@.a == 1", "a,b,,c", ",", "a b", "\u00a0", "é", "日本", "\ud83d\udca9", "ﬀ", "ſ", "K", "\u0131", "\u200d", "\u202e",
    ];

    /// <summary>Escapes of an address that stand for no text.</summary>
    public static IReadOnlyList<string> Escapes { get; } = ["%00", "a%00b", "%ff", "%c0%80", "%ed%a0%80", "%", "%zz", "%u0041", "%25", "%2500", "+", "%20", "a&a", "a=b", "=", "a%0d%0aX:1", "%f4%90%80%80", "a;b", "%7f", "%e2%80%ae"];

    /// <summary>Members callers do not own.</summary>
    public static IReadOnlyList<string> Members { get; } =
    [
        "tenant_id", "tenantId", "tenant", "version", "position", "sequence", "ledgerSeq", "status", "state", "uuid", "number", "id", "withdrawn", "recorded_at", "exported_since", "created_by", "createdBy", "actor", "client_id", "scopes", "is_admin", "correlation_id", "content_hash", "__proto__", "$type", "", "numberOfItems",
    ];

    /// <summary>The corpus of the tests (nst/JSONTestSuite); <c>n_</c> is no JSON.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Corpus { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => (name["json-test-suite/".Length..], Bytes(name)))];

    public static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static byte[] Bytes(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
