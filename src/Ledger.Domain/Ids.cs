using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.Domain;

/// <summary>The platform's name of a record: any string of 1 to 128 characters, unique in the tenant.</summary>
public readonly record struct RecordId(string Value)
{
    public const int MaxLength = 128;
    public override string ToString() => Value;
}

/// <summary>A target system, as callers name it: 1 to 255 characters, trimmed, case-sensitive.</summary>
[JsonConverter(typeof(SystemIdJson))]
public readonly record struct SystemId(string Value)
{
    public const int MaxLength = 255;
    public override string ToString() => Value;
}

[JsonConverter(typeof(JobIdJson))]
public readonly record struct JobId(Guid Value)
{
    public static JobId New() => new(Guid.CreateVersion7());
    public override string ToString() => Value.ToString("D");
}

/// <summary>One try to export an item: 63 random bits, written as 16 lower-case hex digits, so that it cannot be guessed and sorts as it reads.</summary>
[JsonConverter(typeof(AttemptIdJson))]
public readonly record struct AttemptId(long Value)
{
    public static AttemptId New()
    {
        Span<byte> bits = stackalloc byte[8];
        RandomNumberGenerator.Fill(bits);
        return new(BitConverter.ToInt64(bits) & long.MaxValue);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out AttemptId id)
    {
        id = default;
        if (text.Length != 16) return false;
        // .NET would also read upper-case digits and trailing NULs: other names for the same attempt.
        foreach (var digit in text)
            if (!char.IsAsciiHexDigitLower(digit)) return false;
        if (!long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        id = new(value);
        return true;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}

/// <summary>A partner's connection to the tenant's accounting system.</summary>
[JsonConverter(typeof(IntegrationIdJson))]
public readonly record struct IntegrationId(string Value)
{
    public static IntegrationId New() => new($"int_{Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray(bigEndian: true))}");
    public override string ToString() => Value;
}

internal sealed class SystemIdJson : JsonConverter<SystemId>
{
    public override SystemId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);
    public override void Write(Utf8JsonWriter writer, SystemId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class JobIdJson : JsonConverter<JobId>
{
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());
    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class AttemptIdJson : JsonConverter<AttemptId>
{
    public override AttemptId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AttemptId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("An attempt id is 16 lower-case hex digits.");
    public override void Write(Utf8JsonWriter writer, AttemptId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class IntegrationIdJson : JsonConverter<IntegrationId>
{
    public override IntegrationId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);
    public override void Write(Utf8JsonWriter writer, IntegrationId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
