using System.Security.Cryptography;
using System.Text;

namespace Ledger.Clients.Tests;

public sealed class CredentialHashTests
{
    [Theory]
    [InlineData("")]
    [InlineData("demo-key")]
    [InlineData("ключ-€-😀")]
    public void Is_the_SHA_256_of_the_UTF_8_text(string text)
    {
        var hash = new CredentialHash(text);
        hash.ToArray().ShouldBe(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        hash.Matches(hash.ToArray()).ShouldBeTrue();
        hash.Matches(new CredentialHash(text + "x").ToArray()).ShouldBeFalse();
        hash.ShouldBe(new CredentialHash(text));
        hash.ToString().ShouldBe("(credential)");
    }

    [Fact]
    public void Takes_the_longest_credential_and_no_longer()
    {
        new CredentialHash(new string('€', CredentialHash.LongestCredential)).ToArray().Length.ShouldBe(32);
        Should.Throw<ArgumentException>(() => new CredentialHash(new string('x', CredentialHash.LongestCredential + 1)));
    }

    [Fact]
    public void Scope_names_and_scopes_are_the_same_five()
    {
        ScopeNames.Of(LedgerScopes.All).ShouldBe(["records:write", "exports:read", "exports:write", "audit:read", "admin"]);
        ScopeNames.TryParse(ScopeNames.Of(LedgerScopes.All), out var scopes).ShouldBeTrue();
        scopes.ShouldBe(LedgerScopes.All);
        ScopeNames.TryParse(["exports:read", "root"], out scopes).ShouldBeFalse();
        scopes.ShouldBe(LedgerScopes.ExportsRead);
    }
}
