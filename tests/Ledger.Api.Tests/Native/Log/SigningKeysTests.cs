using System.Security.Cryptography;
using Ledger.Api.Hosting;
using Ledger.Api.Tests.Hosting;
using Ledger.EventStore.Log;
using Ledger.Proof.Notes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Native.Log;

public sealed class SigningKeysTests
{
    [Fact]
    public async Task After_a_rotation_both_keys_are_published_and_both_sign()
    {
        await using var host = LedgerHost.WithSettings(new Dictionary<string, string> { ["Ledger:Log:Origin"] = "ledger.example" });
        var tenant = await host.NewTenantAsync();
        var before = await tenant.LoggedAsync(host, 1);
        var old = (await tenant.Http.KeysAsync()).ShouldHaveSingleItem();
        await LogKeys.RotateAsync((await host.ServicesAsync()).GetRequiredService<NpgsqlDataSource>(), LogKeys.Overlap, TestContext.Current.CancellationToken);
        await tenant.LoggedAsync(host, 1);

        var keys = (await tenant.Http.AskAsync("/ledger/v1/log/key")).Ok().GetProperty("keys").EnumerateArray().ToList();
        keys.Select(key => key.GetProperty("signing").GetBoolean()).ShouldBe([true, true]);
        keys.Select(key => key.GetProperty("retires_at").ValueKind == System.Text.Json.JsonValueKind.Null).ShouldBe([false, true]);
        keys.ShouldAllBe(key => key.Text("verifier_key").StartsWith($"ledger.example+{key.Text("key_id")}+", StringComparison.Ordinal));
        var note = (await tenant.Http.AskAsync("/ledger/v1/log/checkpoint")).Text;
        SignedNote.Parse(note).Signatures.Count.ShouldBe(2);
        Checkpoint.Open(note, [old]).Size.ShouldBe(2);
        before.Origin.ShouldBe($"ledger.example/{tenant.Id}");
    }

    [Fact]
    public async Task A_key_file_signs_and_its_predecessor_beside_it()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), previous = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, key.ExportECPrivateKeyPem(), TestContext.Current.CancellationToken);
            await using var host = LedgerHost.WithSettings(new Dictionary<string, string> { ["Ledger:Log:KeyFile"] = file, ["Ledger:Log:PreviousKey"] = previous.ExportPkcs8PrivateKeyPem() });
            var tenant = await host.NewTenantAsync();
            await tenant.LoggedAsync(host, 1);

            var note = (await tenant.Http.AskAsync("/ledger/v1/log/checkpoint")).Text;
            foreach (var one in new[] { key, previous }) Checkpoint.Open(note, [NoteKey.From("export-ledger", one)]).Size.ShouldBe(1);
            (await tenant.Http.KeysAsync()).Count.ShouldBe(2);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static TheoryData<string, string, string> WrongSettings => new()
    {
        { "Ledger:Log:KeyPath", "x", "Ledger:Log:KeyPath is no setting. Known: Ledger:Log:Origin, Ledger:Log:KeyFile, Ledger:Log:Key, Ledger:Log:PreviousKeyFile, Ledger:Log:PreviousKey." },
        { "Ledger:Log:Origin", "", "Ledger:Log:Origin must have" }, { "Ledger:Log:Origin", "my ledger", "Ledger:Log:Origin must have" }, { "Ledger:Log:Origin", "a+b", "Ledger:Log:Origin must have" },
        { "Ledger:Log:KeyFile", "/nowhere/key.pem", "Ledger:Log:KeyFile cannot be read" }, { "Ledger:Log:Key", "not PEM", "Ledger:Log:Key holds no private key in PEM" },
        { "Ledger:Log:Key", Pem(ECCurve.NamedCurves.nistP384), "Ledger:Log:Key is no P-256 key" }, { "Ledger:Log:Key", PublicPem(), "Ledger:Log:Key holds no private key in PEM" },
        { "Ledger:Log:PreviousKey", Pem(ECCurve.NamedCurves.nistP256), "Ledger:Log:PreviousKeyFile is given without Ledger:Log:KeyFile" },
    };

    [Theory, MemberData(nameof(WrongSettings))]
    public void A_wrong_setting_stops_the_start_and_is_named(string name, string value, string message)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();

        Should.Throw<SettingException>(() => LedgerOptions.From(configuration).Log.ToSettings()).Message.ShouldStartWith(message);
    }

    private static string Pem(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string PublicPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem();
    }
}
