using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using Ledger.Api.Webhooks.Delivery;

namespace Ledger.Api.Tests.Webhooks;

public sealed class SignatureTests(LedgerHost host)
{
    [Fact]
    public void The_vector_of_the_contract_is_signed_as_published()
    {
        const string body = """{"event_type":"ACCOUNTING_RECORD_READY_FOR_EXPORT","accountingRecordIds":["accr_cm9x1q7d0001","accr_cm9x1q7d0002"],"companyId":"cuacc_cm1a0acme0001"}""";
        WebhookSignature.Of([Convert.FromBase64String("c3RlZXJpbmctZG9jcy1maXh0dXJlLXNlY3JldC0wMDE=")], "msg_2nQ8rV4tXw1", DateTimeOffset.FromUnixTimeSeconds(1781172555), Encoding.UTF8.GetBytes(body))
            .ShouldBe("v1,Lw/GtEm9/WLjH2UmhRM1nIdpMlDEBbLlJ9TBOdCyQeM=");
    }

    [Fact]
    public async Task During_a_rotation_both_secrets_sign_and_afterwards_only_the_new_one()
    {
        var clock = new ManualClock(new(2026, 6, 11, 10, 0, 0, TimeSpan.Zero));
        await using var own = LedgerHost.WithClock(clock);
        await using var receiver = await Receiver.StartAsync();
        var tenant = await own.NewTenantAsync();
        await tenant.ConnectAsync(own);
        await tenant.Http.SubscribeAsync(receiver.Url);
        var old = (await tenant.Http.SecretsAsync()).ShouldHaveSingleItem();

        var rotated = (await tenant.Http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "")).Ok();
        rotated.Each("status").ShouldBe(["ACTIVE", "PENDING_REVOKE"]);
        var both = await tenant.Http.SecretsAsync();
        both[1].ShouldBe(old);
        rotated.Each("secret").ShouldBe(both.Select(Convert.ToBase64String));
        await tenant.RegisterAsync(ARecord.Named("a"));
        var first = (await receiver.TakeAsync(1))[0];
        first.Signature.ShouldBe(Expected(first, both));

        clock.Advance(TimeSpan.FromHours(24));
        (await tenant.Http.SecretsAsync()).ShouldHaveSingleItem().ShouldBe(both[0]);
        await tenant.RegisterAsync(ARecord.Named("b"));
        var second = (await receiver.TakeAsync(2))[1];
        second.Signature.ShouldBe(Expected(second, [both[0]]));
    }

    [Fact]
    public async Task A_fifth_live_secret_is_refused()
    {
        var http = (await host.NewTenantAsync()).Http;
        for (var number = 0; number < 4; number++) (await http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "")).Ok();
        var refused = await http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "");
        (refused.Status, refused.Json.Text("code")).ShouldBe((System.Net.HttpStatusCode.Conflict, "too_many_secrets"));
        (await http.SecretsAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Rotations_at_the_same_moment_leave_one_active_secret()
    {
        var http = (await host.NewTenantAsync()).Http;
        var rotations = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "")));
        rotations.ShouldAllBe(rotation => rotation.Status == System.Net.HttpStatusCode.OK);
        var live = (await http.AskAsync("/v1/webhooks/secrets")).Ok();
        live.Each("status").ShouldBe(["ACTIVE", "PENDING_REVOKE", "PENDING_REVOKE"]);
    }

    /// <summary>Check 24 of the contract, by an implementation that shares nothing with ours: the npm package of the specification's authors.</summary>
    [Fact]
    public async Task Check_24_a_real_delivery_is_verified_by_the_reference_library()
    {
        using var library = await ReferenceLibrary.InstallAsync();
        Assert.SkipWhen(library.Missing is not null, library.Missing ?? "");
        await using var receiver = await Receiver.StartAsync();
        var tenant = await host.NewTenantAsync();
        await tenant.ConnectAsync(host);
        await tenant.Http.SubscribeAsync(receiver.Url);
        var old = (await tenant.Http.SecretsAsync())[0];
        (await tenant.Http.PostJsonAsync("/ledger/v1/webhooks/secrets/rotate", "")).Ok();
        await tenant.RegisterAsync(ARecord.Named("Zürich/ä"));
        var received = (await receiver.TakeAsync(1))[0];

        foreach (var secret in await tenant.Http.SecretsAsync()) (await library.VerifyAsync(secret, received)).ShouldBe("valid");
        (await library.VerifyAsync(old, received with { Body = received.Body.Replace("Z", "z", StringComparison.Ordinal) })).ShouldBe("No matching signature found");
        (await library.VerifyAsync(new byte[32], received)).ShouldBe("No matching signature found");
    }

    private static string Expected(Received received, IReadOnlyList<byte[]> secrets) =>
        WebhookSignature.Of(secrets, received.Id, DateTimeOffset.FromUnixTimeSeconds(received.Timestamp), Encoding.UTF8.GetBytes(received.Body));
}

/// <summary><c>standardwebhooks</c> from npm in a folder of its own, driven by node.</summary>
internal sealed class ReferenceLibrary : IDisposable
{
    private const string Package = "standardwebhooks@1.0.0";

    private const string Script = """
        const { Webhook } = require('standardwebhooks');
        const { secret, headers, body } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        try { new Webhook(secret).verify(body, headers); console.log('valid'); } catch (error) { console.log(error.message); }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ledger-standardwebhooks-");

    /// <summary>Why the library cannot be had on this machine; null if it can.</summary>
    public string? Missing { get; private set; }

    public static async Task<ReferenceLibrary> InstallAsync()
    {
        var library = new ReferenceLibrary();
        try
        {
            await library.RunAsync("node", ["--version"]);
            await library.RunAsync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", library._folder.FullName, Package]);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException or OperationCanceledException)
        {
            library.Missing = $"Needs node and npm with a registry: {error.Message}";
        }
        return library;
    }

    public async Task<string> VerifyAsync(byte[] secret, Received received) => (await RunAsync("node", ["-e", Script], JsonSerializer.Serialize(new
    {
        secret = Convert.ToBase64String(secret),
        headers = new Dictionary<string, string> { ["webhook-id"] = received.Id, ["webhook-timestamp"] = $"{received.Timestamp}", ["webhook-signature"] = received.Signature },
        body = received.Body,
    }))).Trim();

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> RunAsync(string program, string[] arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
