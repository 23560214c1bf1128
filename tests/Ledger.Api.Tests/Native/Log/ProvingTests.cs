using System.Buffers.Binary;
using System.Net;
using System.Text;
using Ledger.Api.Tests.Hosting;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;

namespace Ledger.Api.Tests.Native.Log;

/// <summary>What an auditor gets over HTTP proves itself.</summary>
public sealed class ProvingTests(LedgerHost host)
{
    [Fact]
    public async Task Every_event_of_the_feed_is_proven_by_position_and_by_id()
    {
        var tenant = await host.NewTenantAsync();
        var checkpoint = await tenant.LoggedAsync(host, records: 12);
        checkpoint.Size.ShouldBe(12);
        checkpoint.Origin.ShouldBe($"export-ledger/{tenant.Id}");

        foreach (var recorded in (await tenant.Http.AskAsync("/ledger/v1/events")).Ok().GetProperty("events").EnumerateArray())
        {
            var position = recorded.GetProperty("position").GetInt64();
            var proof = (await tenant.Http.AskAsync($"/ledger/v1/log/inclusion?position={position}")).Ok();
            (await tenant.Http.AskAsync($"/ledger/v1/log/inclusion?event_id={recorded.Text("id")}")).Text.ShouldBe(proof.GetRawText());

            var leaf = Digest.OfLeaf(Encoding.UTF8.GetBytes(proof.Text("leaf")));
            leaf.ShouldBe(proof.GetProperty("leaf_hash").Hash());
            MerkleProof.VerifyInclusion(position - 1, 12, leaf, [.. proof.GetProperty("proof").EnumerateArray().Select(hash => hash.Hash())], checkpoint.Root).ShouldBeTrue();
            proof.GetProperty("root").Hash().ShouldBe(checkpoint.Root);
            proof.Text("checkpoint").ShouldStartWith(checkpoint.Text);
            // The body as the feed shows it, salted, is the one the leaf speaks of.
            BodyHashing.Of(Convert.FromHexString(proof.Text("salt")), Encoding.UTF8.GetBytes(recorded.GetProperty("data").GetRawText())).ShouldBe(proof.GetProperty("body_hash").Hash());
            proof.Text("leaf").ShouldContain($"\"body_hash\":\"{proof.Text("body_hash")}\"");
            proof.Text("leaf").ShouldContain($"\"event_id\":\"{recorded.Text("id")}\"");
        }
    }

    [Fact]
    public async Task Each_checkpoint_is_the_beginning_of_the_next()
    {
        var tenant = await host.NewTenantAsync();
        var checkpoints = new[] { await tenant.LoggedAsync(host, 3), await tenant.LoggedAsync(host, 5), await tenant.LoggedAsync(host, 1) };
        checkpoints.Select(checkpoint => checkpoint.Size).ShouldBe([3, 8, 9]);

        foreach (var (from, to) in checkpoints.Zip(checkpoints.Skip(1)))
        {
            var proof = (await tenant.Http.AskAsync($"/ledger/v1/log/consistency?from={from.Size}&to={to.Size}")).Ok();
            MerkleProof.VerifyConsistency(from.Size, to.Size, from.Root, to.Root, [.. proof.GetProperty("proof").EnumerateArray().Select(hash => hash.Hash())]).ShouldBeTrue();
            (proof.GetProperty("from_root").Hash(), proof.GetProperty("to_root").Hash()).ShouldBe((from.Root, to.Root));
        }
        (await tenant.Http.AskAsync("/ledger/v1/log/consistency?from=3")).Ok().GetProperty("to").GetInt64().ShouldBe(9);
    }

    [Fact]
    public async Task The_tree_can_be_computed_from_the_entries_alone()
    {
        var tenant = await host.NewTenantAsync();
        await tenant.LoggedAsync(host, 200);
        var checkpoint = await tenant.LoggedAsync(host, 400);

        var (leaves, entries) = (new CompactRange(), 0);
        foreach (var (number, width) in new[] { ("000", 256), ("001", 256), ("002", 88) })
        {
            var path = width < 256 ? $"{number}.p/{width}" : number;
            var bundle = await tenant.Http.BytesAsync($"/ledger/v1/log/tile/entries/{path}");
            var hashes = await tenant.Http.BytesAsync($"/ledger/v1/log/tile/0/{path}");
            for (var at = 0; at < bundle.Length;)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
                var leaf = Digest.OfLeaf(bundle.AsSpan(at + 2, length));
                leaf.ShouldBe(Digest.From(hashes.AsSpan(entries % 256 * 32, 32)));
                leaves.Append(leaf);
                entries++;
                at += 2 + length;
            }
        }
        entries.ShouldBe(600);
        leaves.Root().ShouldBe(checkpoint.Root);
        var upper = await tenant.Http.BytesAsync("/ledger/v1/log/tile/1/000.p/2");
        upper.Length.ShouldBe(64);
        (await tenant.Http.AskAsync("/ledger/v1/log/tile/1/000.p/3")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_history_of_checkpoints_is_paged_and_each_is_found_again_by_its_size()
    {
        var tenant = await host.NewTenantAsync();
        foreach (var count in new[] { 1, 2, 3 }) await tenant.LoggedAsync(host, count);

        var first = (await tenant.Http.AskAsync("/ledger/v1/log/checkpoints?limit=2")).Ok();
        var second = (await tenant.Http.AskAsync($"/ledger/v1/log/checkpoints?limit=2&cursor={first.Text("next_cursor")}")).Ok();
        var all = first.GetProperty("checkpoints").EnumerateArray().Concat(second.GetProperty("checkpoints").EnumerateArray()).ToList();

        all.Select(checkpoint => checkpoint.GetProperty("size").GetInt64()).ShouldBe([6, 3, 1]);
        second.GetProperty("next_cursor").GetString().ShouldBeNull();
        foreach (var checkpoint in all)
        {
            var answer = await tenant.Http.AskAsync($"/ledger/v1/log/checkpoint/{checkpoint.GetProperty("size").GetInt64()}");
            answer.Text.ShouldBe(checkpoint.Text("note"));
            answer.MediaType.ShouldBe("text/plain");
        }
        var json = (await tenant.Http.AskAsync("/ledger/v1/log/checkpoint", ("Accept", "application/json"))).Ok();
        json.GetRawText().ShouldBe(all[0].GetRawText());
    }
}
