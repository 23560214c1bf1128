using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using FsCheck.Fluent;
using Ledger.Domain.Records;
using Ledger.Domain.Tests.GivenWhenThen;

namespace Ledger.Domain.Tests.Records;

public class TheUuidOfARecordTests
{
    private const string Tenant = "00000000-0000-4000-8000-000000000001";
    private const string DnsNamespace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
    private const string UrlNamespace = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";

    [Theory]
    [InlineData("11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61")]
    [InlineData("11B0C9A4-6F2E-4D1B-9C38-7A5E0D2F8B61")]
    [InlineData("11b0C9a4-6F2e-4d1B-9c38-7a5e0d2F8b61")]
    public void Is_the_id_when_the_id_is_a_uuid_in_either_case(string id) =>
        RecordIdentity.UuidOf(Tenant, new(id)).ShouldBe(Guid.Parse("11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61"));

    // .NET reads more spellings than RFC 9562 writes. Two records must not share a UUID because of them.
    [Theory]
    [InlineData("11b0c9a46f2e4d1b9c387a5e0d2f8b61")]
    [InlineData("{11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61}")]
    [InlineData("(11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61)")]
    [InlineData("urn:uuid:11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61")]
    [InlineData(" 11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61")]
    [InlineData("11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b61\n")]
    [InlineData("11b0c9a4-6f2e-4d1b-9c38-7a5e0d2f8b6")]
    [InlineData("0x000001-0002-0003-0004-000000000005")]
    [InlineData("+0000001-0002-0003-0004-000000000005")]
    [InlineData("00000001-0x02-0003-0004-000000000005")]
    [InlineData("00000001-+002-0003-0004-000000000005")]
    public void Is_derived_for_other_spellings(string id) =>
        RecordIdentity.UuidOf(Tenant, new(id)).ShouldBe(RecordIdentity.DerivedUuid(Tenant, new(id)));

    // The first is the test vector of RFC 9562, appendix A.4; the others were computed with Python's uuid module.
    [Theory]
    [InlineData(DnsNamespace, "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2")]
    [InlineData(DnsNamespace, "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d")]
    [InlineData(UrlNamespace, "https://example.com/Møller", "39b9e032-8030-5d81-9ed0-bd48f80f0154")]
    [InlineData(Tenant, "accr_cm9x1q7d0001", "69dcac4c-8b7e-551f-8d4a-51a54c980379")]
    public void Is_the_name_based_uuid_of_tenant_and_id(string tenant, string id, string expected) =>
        RecordIdentity.UuidOf(tenant, new(id)).ShouldBe(Guid.Parse(expected));

    [Fact]
    public void A_tenant_that_is_no_uuid_takes_part_by_the_uuid_of_its_own_name() =>
        RecordIdentity.UuidOf("acme", new("1")).ShouldBe(Computed(Computed(Guid.Empty, "acme"), "1"));

    [Fact]
    public void Is_computed_as_RFC_9562_says_for_any_tenant_and_id() =>
        Always.Holds(from tenant in Texts.Uuid from id in Texts.Unicode(1, 128) select (tenant, id), given =>
            RecordIdentity.DerivedUuid(given.tenant.ToString(), new(given.id)).ShouldBe(Computed(given.tenant, given.id)));

    [Fact]
    public void Differs_between_tenants() =>
        RecordIdentity.UuidOf(Tenant, new("1")).ShouldNotBe(RecordIdentity.UuidOf("00000000-0000-4000-8000-000000000002", new("1")));

    /// <summary>RFC 9562 §5.5 by its text: hex digits in, hex digits out, no byte order to get wrong.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 9562 prescribes SHA-1 for version 5.")]
    private static Guid Computed(Guid space, string name)
    {
        var hex = Convert.ToHexStringLower(SHA1.HashData([.. Convert.FromHexString(space.ToString("N")), .. Encoding.UTF8.GetBytes(name)]))[..32].ToCharArray();
        hex[12] = '5';
        hex[16] = "89ab"[Convert.ToInt32(hex[16].ToString(), 16) & 3];
        return Guid.ParseExact(new string(hex), "N");
    }
}
