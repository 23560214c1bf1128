using Ledger.Api.Input;
using Ledger.Api.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Input;

public sealed class CursorsTests(LedgerHost host)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("12")]
    [InlineData("1000000000017")]
    public async Task A_cursor_is_read_only_as_it_was_written(string place)
    {
        var cursors = (await host.ServicesAsync()).GetRequiredService<Cursors>();
        var cursor = await cursors.WriteAsync("records", "tenant", "7" + place, Token);
        (await cursors.ReadAsync("records", "tenant", cursor, Token)).ShouldBe("7" + place);
        // Padding and white space say nothing to a decoder; to us they say that somebody tried.
        foreach (var other in new[] { cursor + "=", cursor + "==", cursor + "%", cursor + "%%", cursor + " ", cursor + "\n", " " + cursor, cursor[..4] + "\r\n" + cursor[4..] })
            (await cursors.ReadAsync("records", "tenant", other, Token)).ShouldBeNull($"'{other}'");
        (await cursors.ReadAsync("records", "other", cursor, Token)).ShouldBeNull();
        (await cursors.ReadAsync("jobs", "tenant", cursor, Token)).ShouldBeNull();
    }
}
