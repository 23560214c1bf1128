using System.Net;
using Ledger.Api.Tests.Hosting;
using Ledger.Proof.Tiles;

namespace Ledger.Api.Tests.Native.Log;

/// <summary>What auditors get wrong, and what others try: the answer names the parameter and what is wrong with it.</summary>
public sealed class AskingWronglyTests(LedgerHost host)
{
    private const string Log = "/ledger/v1/log";

    private static readonly (string Question, string Pointer)[] Questions =
    [
        ("/inclusion", "?position"), ("/inclusion?position=0", "?position"), ("/inclusion?position=-1", "?position"), ("/inclusion?position=x", "?position"), ("/inclusion?position=1e3", "?position"),
        ("/inclusion?position=9223372036854775808", "?position"), ("/inclusion?position=6", "?position"), ("/inclusion?position=9223372036854775807", "?position"), ("/inclusion?position=1&position=2", "?position"),
        ("/inclusion?position=1&event_id=0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "?event_id"), ("/inclusion?event_id=nobody", "?event_id"), ("/inclusion?event_id=", "?event_id"),
        ("/inclusion?position=3&size=2", "?size"), ("/inclusion?position=3&size=6", "?size"), ("/inclusion?position=3&size=0", "?size"), ("/inclusion?position=3&size=", "?size"),
        ("/consistency", "?from"), ("/consistency?from=0", "?from"), ("/consistency?from=4&to=3", "?from"), ("/consistency?from=6", "?from"), ("/consistency?from=2&to=6", "?to"),
        ("/consistency?from=2&to=0", "?to"), ("/consistency?from=a&to=b", "?from"), ("/consistency?to=3", "?from"), ("/checkpoints?cursor=AAAA", "?cursor"), ("/checkpoints?limit=0", "?limit"),
    ];

    [Fact]
    public async Task Is_answered_by_the_name_of_the_parameter()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.LoggedAsync(host, 5);

        foreach (var (question, pointer) in Questions)
        {
            var answer = await tenant.Http.AskAsync(Log + question);
            answer.Status.ShouldBe(HttpStatusCode.BadRequest, $"{question}: {answer.Text}");
            answer.MediaType.ShouldBe("application/problem+json");
            answer.Json.GetProperty("errors").Each("pointer").ShouldContain(pointer, question);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/0")]
    [InlineData("0/1")]
    [InlineData("00/000")]
    [InlineData("-1/000")]
    [InlineData("8/000")]
    [InlineData("x/000")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p/05")]
    [InlineData("0/000.p/")]
    [InlineData("0/000.p")]
    [InlineData("0/x000/001")]
    [InlineData("0/1000")]
    [InlineData("0/000/001")]
    [InlineData("0/000/")]
    [InlineData("entries")]
    [InlineData("entries/0")]
    [InlineData("0/x999/x999/x999/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("0/000%2F")]
    public async Task A_path_of_no_tile_is_told_how_tiles_are_written(string path)
    {
        var tenant = await host.NewTenantAsync();

        var answer = await tenant.Http.AskAsync($"{Log}/tile/{path}");

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Text);
        answer.Json.Text("code").ShouldBe("invalid_tile_path");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.LoggedAsync(host, 5);

        foreach (var tile in new[] { "0/000", "0/000.p/6", "1/000.p/1", $"{Tile.MaxLevel}/000.p/1", "0/x123/456", "entries/000.p/6" }) await NotFoundAsync($"/tile/{tile}", "tile_not_found");
        foreach (var size in new[] { "4", "6", "0", "five", "-5", "99999999999999999999" }) await NotFoundAsync($"/checkpoint/{size}", "checkpoint_not_found");
        await NotFoundAsync("/inclusion?event_id=0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "event_not_found");

        async Task NotFoundAsync(string path, string code)
        {
            var answer = await tenant.Http.AskAsync(Log + path);
            answer.Status.ShouldBe(HttpStatusCode.NotFound, $"{path}: {answer.Text}");
            answer.Json.Text("code").ShouldBe(code, path);
        }
    }

    [Fact]
    public async Task An_empty_log_says_so()
    {
        var tenant = await host.NewTenantAsync();

        (await tenant.Http.AskAsync($"{Log}/checkpoint")).Json.Text("code").ShouldBe("log_empty");
        (await tenant.Http.AskAsync($"{Log}/checkpoints")).Ok().GetProperty("checkpoints").GetArrayLength().ShouldBe(0);
        (await tenant.Http.AskAsync($"{Log}/inclusion?position=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.AskAsync($"{Log}/consistency?from=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Another_tenants_log_might_as_well_not_exist()
    {
        var (tenant, other) = (await host.NewTenantAsync(), await host.NewTenantAsync());
        await other.LoggedAsync(host, 7);
        await tenant.LoggedAsync(host, 2);
        var theirs = (await other.Http.AskAsync("/ledger/v1/events")).Ok().At("events", 3).Text("id");

        (await tenant.Http.AskAsync($"{Log}/inclusion?event_id={theirs}")).Json.Text("code").ShouldBe("event_not_found");
        (await tenant.Http.AskAsync($"{Log}/inclusion?position=7")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await tenant.Http.AskAsync($"{Log}/checkpoint/7")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await tenant.Http.AskAsync($"{Log}/tile/0/000.p/7")).Status.ShouldBe(HttpStatusCode.NotFound);
        var cursor = (await other.Http.AskAsync($"{Log}/checkpoints")).Ok();
        cursor.GetProperty("checkpoints").GetArrayLength().ShouldBe(1);
        (await tenant.Http.CheckpointAsync()).Origin.ShouldEndWith(tenant.Id);
        (await tenant.Http.BytesAsync($"{Log}/tile/0/000.p/2")).ShouldNotBe((await other.Http.BytesAsync($"{Log}/tile/0/000.p/2")));
    }
}
