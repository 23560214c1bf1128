using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Ledger.Api.Hosting.Draining;
using Ledger.EventStore;
using Ledger.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Hosting;

/// <summary>Being told to stop breaks nothing off, and still ends.</summary>
public sealed class StoppedServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Half of the clients keep their connection, half open one per request and go on until they are refused.</summary>
    [Fact]
    public async Task Answers_every_request_that_reached_it()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var service = await RunningService.StartAsync(database.ConnectionString, ("Ledger:DrainSeconds", "1"));
        var (answered, brokenOff) = (0, new ConcurrentQueue<string>());
        var clients = Enumerable.Range(0, 8).Select(async number =>
        {
            using var http = service.Client();
            http.DefaultRequestHeaders.ConnectionClose = number % 2 == 0;
            for (var round = 0; ; round++)
            {
                try
                {
                    using var answer = await http.PostAsJsonAsync("/ledger/v1/records", new { records = new[] { new { id = $"{number}-{round}", source_type = "card", amount = new { value = 1, currency = "EUR" } } } }, Token);
                    if (answer.IsSuccessStatusCode) Interlocked.Increment(ref answered);
                    else brokenOff.Enqueue($"{answer.StatusCode}");
                }
                catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError)
                {
                    return;   // refused: it was never sent
                }
                catch (HttpRequestException error)
                {
                    brokenOff.Enqueue(error.ToString());
                }
            }
        }).ToList();
        for (var attempt = 0; attempt < 6_000 && Volatile.Read(ref answered) < 100; attempt++) await Task.Delay(10, Token);

        await service.TellToStopAsync();
        var exitCode = await service.EndAsync();
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromMinutes(1), Token);

        brokenOff.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
        await using var count = dataSource.CreateCommand("select count(*) from ledger.mt_events where type = 'record_registered'");
        (await count.ExecuteScalarAsync(Token)).ShouldBe((long)answered);
    }

    [Fact]
    public async Task Ends_although_a_request_does_not()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var service = await RunningService.StartAsync(database.ConnectionString, ("Ledger:DrainSeconds", "0"), ("Ledger:StopSeconds", "1"),
            ("ConnectionStrings:Ledger", $"{database.ConnectionString};Command Timeout=0;Options=-c lock_timeout=0 -c statement_timeout=0"));
        await using var dataSource = LedgerDataSource.Create($"{database.ConnectionString};Options=-c idle_in_transaction_session_timeout=0");
        await using var connection = await dataSource.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await ExecuteAsync("lock table ledger.mt_events in access exclusive mode");
        var request = service.Http.PostAsJsonAsync("/ledger/v1/records", new { records = new[] { new { id = "a", source_type = "card", amount = new { value = 1, currency = "EUR" } } } }, Token);
        while (!await IsWaitingAsync()) await Task.Delay(20, Token);

        await service.TellToStopAsync();

        (await service.EndAsync()).ShouldBe(0);
        await Should.ThrowAsync<HttpRequestException>(request);

        async Task ExecuteAsync(string sql)
        {
            await using var statement = new Npgsql.NpgsqlCommand(sql, connection, transaction);
            await statement.ExecuteNonQueryAsync(Token);
        }

        async Task<bool> IsWaitingAsync()
        {
            await using var statement = dataSource.CreateCommand("select exists (select 1 from pg_locks where not granted and relation = 'ledger.mt_events'::regclass)");
            return await statement.ExecuteScalarAsync(Token) is true;
        }
    }

    [Fact]
    public async Task Says_that_it_is_not_ready_and_ends_connections_from_then_on()
    {
        await using var host = LedgerHost.OverTheWire();
        var client = await host.AnonymousAsync();
        (await client.GetAsync("/health/ready", Token)).Headers.ConnectionClose.ShouldBeNull();

        (await host.ServicesAsync()).GetRequiredService<Drain>().Begin();

        using var answer = await client.GetAsync("/health/ready", Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.ConnectionClose.ShouldBe(true);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldContain("The service was told to stop.");
    }

    /// <summary>The connection below is open for its client and accepted by nobody: closing the socket would reset it.</summary>
    [Fact]
    public async Task Keeps_newcomers_out_of_a_socket_and_serves_its_queue()
    {
        if (!OperatingSystem.IsLinux()) return;
        var listeners = new Listeners();
        using var listener = listeners.Open(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var early = new TcpClient();
        await early.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Token);
        listeners.Waiting().ShouldBe(1);

        listeners.IgnoreNew();
        using var late = new TcpClient();
        var connecting = late.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Token).AsTask();

        using var accepted = await listener.AcceptAsync(Token);
        await early.Client.SendAsync(new byte[] { 42 }, Token);
        var received = new byte[1];
        (await accepted.ReceiveAsync(received, Token)).ShouldBe(1);
        received[0].ShouldBe((byte)42);
        listeners.Waiting().ShouldBe(0);
        listener.Dispose();
        (await Should.ThrowAsync<SocketException>(connecting)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }
}
