using System.Security.Cryptography;
using System.Text;
using Ledger.Proof.Canonical;
using Ledger.Proof.Events;
using Ledger.Proof.Tree;

namespace Ledger.Proof.Tests.Events;

public class EventEnvelopeTests
{
    private static readonly EventEnvelope Sample = new(
        "acme", 4711, "item/erp/INV \"2026\"\n", 3, Guid.Parse("0199A1B2-7C3D-7E4F-8A5B-6C7D8E9F0A1B"), "item_exported", new DateTimeOffset(2026, 1, 15, 12, 0, 0, 5, 40, TimeSpan.FromHours(2)).AddTicks(9),
        "corr", null, """{"dialect": "native", "actor": "d\u00e9mo"}"""u8.ToArray(), Digest.OfBytes("x"u8));

    [Fact]
    public void The_leaf_is_the_canonical_json_of_the_envelope()
    {
        const string expected = """{"body_hash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","causation_id":null,"correlation_id":"corr","event_id":"0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b","headers":{"actor":"démo","dialect":"native"},"position":4711,"recorded_at":"2026-01-15T10:00:00.005040Z","stream_id":"item/erp/INV \"2026\"\n","tenant_id":"acme","type":"item_exported","version":3}""";
        Encoding.UTF8.GetString(Sample.ToBytes()).ShouldBe(expected);
        Encoding.UTF8.GetString(CanonicalJson.Of(Sample.ToBytes())).ShouldBe(expected);
        Encoding.UTF8.GetString((Sample with { Headers = default }).ToBytes()).ShouldContain("\"headers\":null,");
        Digest.OfLeaf(Sample.ToBytes()).ShouldBe(Digest.From(SHA256.HashData([0, .. Sample.ToBytes()])));
        Digest.OfLeaf(new byte[5_000]).ShouldBe(Digest.From(SHA256.HashData(new byte[5_001])));
    }

    [Fact]
    public void The_body_enters_salted_and_in_any_spelling()
    {
        byte[] salt = [.. Enumerable.Range(0, 16).Select(value => (byte)value)];
        var expected = Digest.From(SHA256.HashData([.. salt, .. "{\"a\":1,\"b\":[]}"u8]));
        BodyHashing.Of(salt, """{ "b" : [ ], "a" : 1.0 }"""u8).ShouldBe(expected);
        BodyHashing.OfCanonical(salt, """{"a":1,"b":[]}"""u8).ShouldBe(expected);
        var large = Encoding.UTF8.GetBytes("\"" + new string('x', 10_000) + "\"");
        BodyHashing.OfCanonical(salt, large).ShouldBe(BodyHashing.Of(salt, large));
        BodyHashing.NewSalt().Length.ShouldBe(16);
        BodyHashing.NewSalt().ShouldNotBe(BodyHashing.NewSalt());
    }
}
