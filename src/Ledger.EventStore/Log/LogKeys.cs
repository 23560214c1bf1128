using System.Security.Cryptography;
using Ledger.Proof.Notes;
using Npgsql;

namespace Ledger.EventStore.Log;

/// <summary>A key that signs, or once signed, checkpoints.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
/// <param name="RetiresAt">Null: signs until further notice. Checkpoints it signed stay good; it is published for ever.</param>
public sealed record LogKey(string Name, byte[] PublicKey, DateTimeOffset AddedAt, DateTimeOffset? RetiresAt, bool IsSigning)
{
    /// <summary>The key as verifiers take it; the caller's to dispose.</summary>
    public NoteKey ToNoteKey()
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(PublicKey, out _);
        return NoteKey.From(Name, key);
    }
}

/// <summary>
/// The keys that sign checkpoints: those of the configuration, or else one the service makes at its first start. While one
/// takes over from another, both sign; a reader that trusts either goes on without a break.
/// </summary>
public sealed class LogKeys(NpgsqlDataSource dataSource, LogSettings settings)
{
    /// <summary>How long a key that is replaced signs beside its successor, unless told otherwise.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(7);

    /// <summary>Registers the configured keys; makes one when there is none to sign with. Every process does this when it starts.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        byte[][] configured = [.. settings.PrivateKeys.Select(PublicPart)];
        foreach (var key in configured)
            await ExecuteAsync(connection, "insert into ledger.log_keys (name, public_key) values ($1, $2) on conflict (name, public_key) do update set retires_at = null, private_key = null", cancellationToken, settings.Origin, key);
        // A key that is configured no more, or bears another name, can sign no more. One of ours can, and hands over.
        await ExecuteAsync(connection, """
            update ledger.log_keys set retires_at = clock_timestamp() + case when name = $1 and private_key is not null then $3 else interval '0' end
             where retires_at is null and not (name = $1 and (public_key = any ($2) or private_key is not null and cardinality($2) = 0))
            """, cancellationToken, settings.Origin, configured, Overlap);
        if (configured.Length == 0 && !await AnySigningAsync(connection, cancellationToken)) await AddNewAsync(connection, settings.Origin, cancellationToken);
        await ForgetRetiredAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Every key there ever was, oldest first.</summary>
    public async Task<IReadOnlyList<LogKey>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand("select name, public_key, added_at, retires_at, retires_at is null or retires_at > clock_timestamp() from ledger.log_keys order by added_at, public_key");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<LogKey>();
        while (await reader.ReadAsync(cancellationToken))
            keys.Add(new(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3), reader.GetBoolean(4)));
        return keys;
    }

    /// <summary>Makes a new key. The old one signs beside it for the time given, then its private part is deleted.</summary>
    /// <returns>The new key; null when there is none of ours to replace: the configuration holds the key, or the service has never started.</returns>
    public static async Task<LogKey?> RotateAsync(NpgsqlDataSource dataSource, TimeSpan overlap, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        await using var retire = Command(connection, "update ledger.log_keys set retires_at = clock_timestamp() + $1 where private_key is not null and retires_at is null returning name", overlap);
        if (await retire.ExecuteScalarAsync(cancellationToken) is not string name) return null;
        var added = await AddNewAsync(connection, name, cancellationToken);
        await ForgetRetiredAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added;
    }

    /// <summary>The private keys that sign at this moment, the configured ones first; PKCS #8.</summary>
    internal async Task<IReadOnlyList<byte[]>> SigningAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<byte[]> keys = [.. settings.PrivateKeys];
        await using var command = Command(connection,
            "select private_key from ledger.log_keys where name = $1 and private_key is not null and (retires_at is null or retires_at > clock_timestamp()) order by retires_at desc nulls first", settings.Origin);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) keys.Add(reader.GetFieldValue<byte[]>(0));
        return keys;
    }

    private async Task<bool> AnySigningAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "select exists (select 1 from ledger.log_keys where name = $1 and private_key is not null and retires_at is null)", settings.Origin);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<LogKey> AddNewAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        await using var command = Command(connection, "insert into ledger.log_keys (name, public_key, private_key) values ($1, $2, $3) returning added_at", name, publicKey, key.ExportPkcs8PrivateKey());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(name, publicKey, reader.GetFieldValue<DateTimeOffset>(0), null, IsSigning: true);
    }

    private static byte[] PublicPart(byte[] privateKey)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return key.ExportSubjectPublicKeyInfo();
    }

    // What cannot sign any more need not be kept where it could be stolen.
    private static Task ForgetRetiredAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, "update ledger.log_keys set private_key = null where private_key is not null and retires_at <= clock_timestamp()", cancellationToken);

    // Two processes that start at once must not make a key each.
    private static Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, "lock table ledger.log_keys in share row exclusive mode", cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
