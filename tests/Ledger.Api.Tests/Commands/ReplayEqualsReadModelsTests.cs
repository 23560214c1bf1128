using Ledger.Api.Commands;
using Ledger.Domain;
using Ledger.Domain.Items;
using Ledger.Domain.Jobs;
using Ledger.Domain.Records;
using Ledger.Projections.Rebuild;
using static Ledger.Api.Tests.Commands.LedgerKit;

namespace Ledger.Api.Tests.Commands;

/// <summary>Read models kept inline equal the replay of the events, row by row, whatever happened and in whatever order.</summary>
public sealed class ReplayEqualsReadModelsTests(LedgerKit ledger) : IClassFixture<LedgerKit>
{
    private static readonly SystemId[] Systems = [Erp, new("wms"), new("a/b %2F")];
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_concurrent_histories_replay_to_the_same_rows()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var tenants = Enumerable.Range(0, 3).Select(_ => NewTenant()).ToList();
        await Task.WhenAll(Enumerable.Range(0, 9).Select(worker => WorkAsync(tenants[worker % 3], new Random(seed + worker), steps: 120)));

        var report = await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, cancellationToken: Token);

        report.Events.ShouldBeGreaterThan(1_000);
        report.ReadModels.ShouldAllBe(model => model.IsEqual, $"seed {seed}: {string.Join('\n', report.ReadModels.SelectMany(model => model.Examples))}");
        report.ReadModels.ShouldAllBe(model => model.Rows > 0 || model.Name == "integrations");
    }

    [Theory]
    [InlineData("update ledger.items set note = 'forged' where tenant_id = $1", "items")]
    [InlineData("delete from ledger.pending where tenant_id = $1", "pending")]
    [InlineData("update ledger.records set amount_minor = amount_minor + 1 where tenant_id = $1", "records")]
    [InlineData("update ledger.pending set touched = not touched where tenant_id = $1", "pending")]
    [InlineData("update ledger.number_blocks set newest = newest - interval '2 minutes' where tenant_id = $1", "number_blocks")]
    [InlineData("update ledger.system_counts set offered = offered + 1 where tenant_id = $1", "system_counts")]
    public async Task A_read_model_that_was_tampered_with_is_named_and_can_be_replaced(string tampering, string name)
    {
        var tenant = NewTenant();
        await ledger.Register.HandleAsync(tenant, [Record("a"), Record("b")], Token);
        await ledger.EachAsync(tenant, Erp, ("a", new ItemCommand.MarkExported("ok")));
        await using (var command = ledger.DataSource.CreateCommand(tampering))
        {
            command.Parameters.Add(new() { Value = tenant.TenantId });
            (await command.ExecuteNonQueryAsync(Token)).ShouldBeGreaterThan(0);
        }

        var rebuild = new ReadModelRebuild(ledger.DataSource);
        (await rebuild.RunAsync(replace: true, cancellationToken: Token)).ReadModels.Where(model => !model.IsEqual).Select(model => model.Name).ShouldBe([name]);
        (await rebuild.RunAsync(replace: false, cancellationToken: Token)).IsEqual.ShouldBeTrue();
    }

    [Fact]
    public async Task Rows_are_replaced_while_others_append_and_nothing_of_theirs_is_lost()
    {
        var tenants = Enumerable.Range(0, 2).Select(_ => NewTenant()).ToList();
        await Task.WhenAll(tenants.Select(tenant => WorkAsync(tenant, new Random(7), steps: 30)));
        // Versions stay as they are, so that the others' appends do not fail for it.
        await using (var command = ledger.DataSource.CreateCommand("update ledger.items set note = 'forged', reported_at = now() where tenant_id = any ($1)"))
        {
            command.Parameters.Add(new() { Value = tenants.Select(tenant => tenant.TenantId).ToArray() });
            (await command.ExecuteNonQueryAsync(Token)).ShouldBeGreaterThan(0);
        }

        var rebuild = new ReadModelRebuild(ledger.DataSource);
        var others = Task.WhenAll(tenants.Select(tenant => WorkAsync(tenant, new Random(8), steps: 60)));
        (await rebuild.RunAsync(replace: true, cancellationToken: Token)).ReadModels.Where(model => !model.IsEqual).Select(model => model.Name).ShouldBe(["items"]);
        await others;

        var after = await rebuild.RunAsync(replace: false, cancellationToken: Token);
        after.ReadModels.ShouldAllBe(model => model.IsEqual, string.Join('\n', after.ReadModels.SelectMany(model => model.Examples)));
    }

    [Fact]
    public async Task What_is_equal_is_found_so_byte_by_byte()
    {
        var tenant = NewTenant();
        await WorkAsync(tenant, new Random(9), steps: 60);

        var report = await new ReadModelRebuild(ledger.DataSource).RunAsync(replace: false, cancellationToken: Token);

        // Comparing by meaning would find them equal as well, for the price of writing them first.
        foreach (var name in (string[])["records", "items", "attempts", "pending"])
        {
            report.ReadModels.Single(model => model.Name == name).Rows.ShouldBeGreaterThan(0);
            report.Phases.Single(phase => phase.Name == $"compare {name}").Rows.ShouldBe(0, name);
        }
    }

    [Theory]
    [InlineData("records")]
    [InlineData("items")]
    [InlineData("attempts")]
    [InlineData("jobs")]
    [InlineData("pending")]
    [InlineData("system_counts")]
    [InlineData("number_blocks")]
    public async Task A_read_model_that_is_lost_comes_back_and_no_other_changes(string name)
    {
        await WorkAsync(NewTenant(), new Random(10), steps: 60);
        async Task<string> RowsAsync()
        {
            await using var command = ledger.DataSource.CreateCommand($"""
                select string_agg(r::text, e'\n' order by r::text) from (
                  {string.Join(" union all ", ReadModelRebuild.Names.Where(model => model is not ("system_counts" or "number_blocks")).Select(model => $"select to_jsonb(m) from ledger.{model} m"))}
                  union all select to_jsonb(m) from (select tenant_id, system_id, sum(offered), sum(exported), sum(failed) from ledger.system_counts group by 1, 2) m) as r
                """);
            return (string)(await command.ExecuteScalarAsync(Token))!;
        }
        var before = await RowsAsync();
        await using (var command = ledger.DataSource.CreateCommand($"truncate ledger.{name}")) await command.ExecuteNonQueryAsync(Token);

        var rebuild = new ReadModelRebuild(ledger.DataSource);
        (await rebuild.RunAsync(replace: true, cancellationToken: Token)).ReadModels.Where(model => !model.IsEqual).Select(model => model.Name).ShouldBe([name]);

        (await RowsAsync()).ShouldBe(before);
        (await rebuild.RunAsync(replace: false, cancellationToken: Token)).IsEqual.ShouldBeTrue();
    }

    [Fact]
    public async Task Queues_and_counts_that_are_lost_come_back_while_others_append()
    {
        var tenants = Enumerable.Range(0, 2).Select(_ => NewTenant()).ToList();
        await Task.WhenAll(tenants.Select(tenant => WorkAsync(tenant, new Random(11), steps: 30)));
        var others = Task.WhenAll(tenants.Select(tenant => WorkAsync(tenant, new Random(12), steps: 80)));
        await using (var command = ledger.DataSource.CreateCommand("begin; lock table ledger.mt_streams in exclusive mode; truncate ledger.pending, ledger.system_counts, ledger.number_blocks; commit"))
            await command.ExecuteNonQueryAsync(Token);

        var rebuild = new ReadModelRebuild(ledger.DataSource);
        (await rebuild.RunAsync(replace: true, cancellationToken: Token)).IsEqual.ShouldBeFalse();
        await others;

        var after = await rebuild.RunAsync(replace: false, cancellationToken: Token);
        after.ReadModels.ShouldAllBe(model => model.IsEqual, string.Join('\n', after.ReadModels.SelectMany(model => model.Examples)));
    }

    private async Task WorkAsync(CommandContext tenant, Random random, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var system = Systems[random.Next(Systems.Length)];
            var id = random.Next(40).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (random.Next(2) == 0) id = "r-" + id;
            Task done = random.Next(10) switch
            {
                0 or 1 => ledger.Register.HandleAsync(tenant, [.. Enumerable.Range(0, random.Next(1, 6)).Select(offset => Record($"{id}{offset}"[..^1] is { Length: > 0 } name ? name : id, random.Next(1, 9), (Stage)random.Next(3)))], Token),
                2 => ledger.Change.HandleAsync(tenant, new(id), random.Next(3) == 0 ? new RecordCommand.Withdraw() : new RecordCommand.ChangeStage((Stage)random.Next(3)), Token),
                3 => ledger.EachAsync(tenant, system, (id, new ItemCommand.Reopen("again"))),
                4 => ledger.EachAsync(tenant, system, (id, new ItemCommand.ReportFailed("vendor_unknown", $"try {step}")), ("r-1", new ItemCommand.ReportFailed(null, "x"))),
                5 or 6 => ledger.EachAsync(tenant, system, (id, new ItemCommand.MarkExported($"note {step}")), ("3", new ItemCommand.MarkExported(null))),
                7 => ledger.EachAsync(tenant, system, (id, new ItemCommand.ReportExported(new($"JE-{step}", null, DateTimeOffset.UnixEpoch, null)))),
                _ => JobAsync(tenant, system, random),
            };
            await done;
        }
    }

    private async Task JobAsync(CommandContext tenant, SystemId system, Random random)
    {
        var ids = Enumerable.Range(0, random.Next(1, 8)).Select(_ => new RecordId(random.Next(40).ToString(System.Globalization.CultureInfo.InvariantCulture))).Distinct().ToList();
        var origin = (JobOrigin)random.Next(2);
        var (job, _, _) = await ledger.OpenJob.HandleAsync(tenant with { Dialect = "export_jobs" }, new(system, origin, null, true, false, 0, origin == JobOrigin.AccountingExports ? $"batch_{random.NextInt64()}" : null), async (items, token) =>
        {
            var known = await items.LoadAsync(tenant.TenantId, system, ids, token);
            return [.. known.Values.Where(item => item.Record.IsReady && item.Item.OpenAttempt is null)];
        }, againIfExported: true, started: random.Next(2) == 0, Token);
        if (job is null) return;
        foreach (var (item, _) in job.Exports.Where(_ => random.Next(3) > 0))
        {
            await ledger.UpdateJobItems.HandleAsync(tenant, job.Id,
                [new(item.Record.Uuid, (AttemptStatus)random.Next(5), new("JE", null, null, null), random.Next(2) == 0 ? "tag_unknown" : null, "reason")], Token);
        }
        await ledger.MoveJob.HandleAsync(tenant, job.Id, new JobCommand.Start(), Token);
        await ledger.MoveJob.HandleAsync(tenant, job.Id, random.Next(3) switch { 0 => new JobCommand.Complete(false), 1 => new JobCommand.Complete(true), _ => new JobCommand.Fail(null, null) }, Token);
    }
}
