using Ledger.Simulation.Tests.Database;
using Npgsql;

namespace Ledger.Simulation.Tests.Service;

/// <summary>A node's connection to the database. Every await of a command is one message and one answer, and the node may die between any two.</summary>
internal sealed class Link(World world, SimulatedDatabase database)
{
    /// <summary>Given to what needs a data source and must not use it: nothing listens there.</summary>
    public static readonly NpgsqlDataSource NoServer = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");

    /// <summary>The node is dead: what it sent may still be carried out, what it awaits never comes.</summary>
    public bool IsCut { get; set; }

    /// <summary>Set when the run ends: from then on everything arrives.</summary>
    public bool IsCalm { get; set; }

    public World World => world;

    public SimulatedDatabase Database => database;

    public Task<T> AskAsync<T>(Func<T> question) => SendAsync<T>((succeed, _) => succeed(question()));

    /// <param name="carryOut">Begins the work at the database and tells, then or later, how it ended.</param>
    public Task<T> SendAsync<T>(Action<Action<T>, Action<Exception>> carryOut)
    {
        var answer = new TaskCompletionSource<T>();
        var incarnation = database.Incarnation;
        void Deliver(Action complete) => world.Post(() =>
        {
            if (!IsCut) complete();
        });
        void Fail(Exception error) => Deliver(() => answer.TrySetException(error));
        world.Post(() =>
        {
            if (incarnation != database.Incarnation || Breaks()) Fail(Broken());
            else carryOut(value => Deliver(() =>
            {
                if (Breaks()) answer.TrySetException(Broken());
                else answer.TrySetResult(value);
            }), Fail);
        });
        return answer.Task;
    }

    public async Task PauseAsync()
    {
        var pause = new TaskCompletionSource();
        world.Post(() =>
        {
            if (!IsCut) pause.SetResult();
        });
        await pause.Task;
    }

    private bool Breaks() => !IsCalm && world.Chance(Faults.BrokenConnection);

    private static NpgsqlException Broken() => new("The connection is broken.");
}
