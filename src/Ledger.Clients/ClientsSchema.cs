using Ledger.EventStore.Migrations;

namespace Ledger.Clients;

/// <summary>The tables of this module, to be migrated after the event store's.</summary>
public static class ClientsSchema
{
    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Of("clients", typeof(ClientsSchema).Assembly);
}
