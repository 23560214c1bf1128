namespace Ledger.Api.Input;

/// <summary>What a JSON body may be, beyond RFC 8259.</summary>
public sealed record JsonLimits
{
    /// <summary>For the four dialects: the largest body any of their contracts describes is far below 1 MiB.</summary>
    public static readonly JsonLimits Dialect = new() { MaxBytes = 1 << 20 };

    /// <summary>For 5,000 native records of a few KiB each.</summary>
    public static readonly JsonLimits NativeRecords = new() { MaxBytes = 32 << 20 };

    /// <summary>After any transfer coding; content codings such as gzip are not accepted, so nothing can unpack to more.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>Objects and arrays inside each other; <c>[[]]</c> is 2.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>For the one partner route whose published example ends its list with a comma.</summary>
    public bool AllowTrailingCommas { get; init; }
}
