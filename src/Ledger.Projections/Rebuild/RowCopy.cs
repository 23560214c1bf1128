using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Rebuild;

/// <summary>Writes rows of a COPY in binary form, column by column.</summary>
internal sealed class RowCopy(NpgsqlBinaryImporter importer) : IAsyncDisposable
{
    public Task StartAsync(CancellationToken cancellationToken) => importer.StartRowAsync(cancellationToken);

    public Task TextAsync(string? value, CancellationToken cancellationToken) => value is null ? importer.WriteNullAsync(cancellationToken) : importer.WriteAsync(value, NpgsqlDbType.Varchar, cancellationToken);

    public Task LongAsync(long? value, CancellationToken cancellationToken) => value is { } number ? importer.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public Task IntAsync(int value, CancellationToken cancellationToken) => importer.WriteAsync(value, NpgsqlDbType.Integer, cancellationToken);

    public Task BooleanAsync(bool value, CancellationToken cancellationToken) => importer.WriteAsync(value, NpgsqlDbType.Boolean, cancellationToken);

    public Task GuidAsync(Guid? value, CancellationToken cancellationToken) => value is { } id ? importer.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public Task TimeAsync(DateTimeOffset? value, CancellationToken cancellationToken) =>
        value is { } time ? importer.WriteAsync(time.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken) : importer.WriteNullAsync(cancellationToken);

    public Task JsonAsync(byte[] value, CancellationToken cancellationToken) => importer.WriteAsync(value, NpgsqlDbType.Jsonb, cancellationToken);

    public async Task CompleteAsync(CancellationToken cancellationToken) => await importer.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => importer.DisposeAsync();
}
