using Ledger.Api.Tests.Hosting;

namespace Ledger.Api.Tests.Dialects.AccountingRecords;

/// <summary>What only a real server shows: addresses as they were sent, and how long they may be.</summary>
public sealed class OverTheWireTests : IAsyncLifetime
{
    private readonly LedgerHost _host = LedgerHost.OverTheWire();
    private TestTenant _tenant = null!;

    public async ValueTask InitializeAsync() => _tenant = await _host.NewTenantAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Finds_a_record_whatever_its_id()
    {
        string[] ids = ["a/b", "a%2Fb", "a%252F/b", "export-results", "'; drop table ledger.records; --", "ünï ☃ 😀 \"quoted\" \\ back", "a?b#c&d=e+f", " spaces ", "%", "%zz"];
        await _tenant.RegisterAsync([.. ids.Select(id => ARecord.Named(id))]);
        foreach (var id in ids)
        {
            (await _tenant.RecordAsync(id, "single_entry=true")).Text("id").ShouldBe(id);
            (await _tenant.IdsAsync($"ids={Uri.EscapeDataString(id)}")).ShouldBe([id]);
        }
        (await _tenant.ReportedAsync([.. ids.Select(id => RecordsCalls.Success(id))])).ShouldBe(ids);
    }

    [Fact]
    public async Task Check_9_five_hundred_of_the_longest_ids_get_past_the_server_itself()
    {
        var ids = Enumerable.Range(0, 500).Select(number => $"{number:d128}").ToList();
        await _tenant.RegisterAsync([.. ids.Take(2).Select(id => ARecord.Named(id))]);
        (await _tenant.IdsAsync(string.Join('&', ids.Select(id => $"ids={id}")))).ShouldBe(ids[..2]);
    }

    [Fact]
    public async Task Brackets_are_read_raw_and_encoded()
    {
        await _tenant.RegisterAsync(ARecord.Named("a"));
        (await _tenant.IdsAsync("updated_at[gt]=2020-01-01&updated_at%5Blt%5D=2100-01-01")).ShouldBe(["a"]);
        (await _tenant.IdsAsync("updated_at%5Bgt%5D=2100-01-01")).ShouldBeEmpty();
    }
}
