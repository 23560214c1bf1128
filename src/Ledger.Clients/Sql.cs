using Npgsql;
using NpgsqlTypes;

namespace Ledger.Clients;

/// <summary>Parameters with the types of our columns, so that PostgreSQL never guesses and every plan is prepared once.</summary>
internal static class Sql
{
    public static NpgsqlCommand Command(this NpgsqlDataSource dataSource, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = dataSource.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlBatchCommand BatchCommand(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar };

    public static NpgsqlParameter Names(LedgerScopes scopes) => new() { Value = ScopeNames.Of(scopes), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    public static NpgsqlParameter Bytes(CredentialHash hash) => new() { Value = hash.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter HashOf(string credential) => Bytes(new CredentialHash(credential));

    /// <summary>A scope this version does not know, written by a newer one, grants nothing here.</summary>
    public static LedgerScopes ReadScopes(this NpgsqlDataReader row, int ordinal)
    {
        _ = ScopeNames.TryParse(row.GetFieldValue<string[]>(ordinal), out var scopes);
        return scopes;
    }
}
