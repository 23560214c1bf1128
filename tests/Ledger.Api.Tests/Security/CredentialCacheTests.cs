using System.Security.Claims;
using Ledger.Api.Security;
using Ledger.Clients;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Ledger.Api.Tests.Security;

public sealed class CredentialCacheTests
{
    private readonly AdjustableTime _time = new();
    private readonly CredentialCache _cache;
    private static readonly AuthenticateResult Result = AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(), "x"));

    public CredentialCacheTests() => _cache = new CredentialCache(_time);

    [Fact]
    public void Forgets_after_its_lifetime_or_with_the_token()
    {
        Add("a", expiresIn: null);
        Add("b", expiresIn: TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Find("a").ShouldBeTrue();
        Find("b").ShouldBeFalse();
        _time.Advance(CredentialCache.Lifetime);
        Find("a").ShouldBeFalse();
        _cache.Count.ShouldBe(0);
    }

    [Fact]
    public void Keeps_tokens_and_keys_of_the_same_text_apart()
    {
        Add("same", expiresIn: null);
        _cache.Find(new PresentedCredential(CredentialKind.ApiKey, new CredentialHash("same"))).ShouldBeNull();
    }

    [Fact]
    public void Does_not_keep_an_answer_older_than_an_eviction()
    {
        var before = _cache.Evictions;
        _cache.Evict("client");
        Add("late", expiresIn: null, before);
        Find("late").ShouldBeFalse();
    }

    [Fact]
    public void Stays_within_its_capacity()
    {
        for (var i = 0; i < CredentialCache.Capacity * 2; i++) Add($"token-{i}", expiresIn: null);
        _cache.Count.ShouldBeLessThanOrEqualTo(CredentialCache.Capacity);
        Find($"token-{(CredentialCache.Capacity * 2) - 1}").ShouldBeTrue();
    }

    [Theory]
    [InlineData("Bearer 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")]
    [InlineData("Basic ZWxrXzAxMjM0NTY3ODlhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ekFCQ0RFRkc6")]
    public void Finding_a_known_credential_allocates_nothing(string authorization)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        var credential = PresentedCredential.Of(request, queryAllowed: false);
        credential.Kind.ShouldBeOneOf(CredentialKind.Token, CredentialKind.ApiKey);
        _cache.Add(credential, Client, Result, null, 0);
        Hits(request, 100).ShouldBe(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var hits = Hits(request, 1000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        hits.ShouldBe(1000);
    }

    private int Hits(HttpRequest request, int times)
    {
        var hits = 0;
        for (var i = 0; i < times; i++)
        {
            if (_cache.Find(PresentedCredential.Of(request, queryAllowed: false)) is not null) hits++;
        }
        return hits;
    }

    private static LedgerClient Client { get; } = new(new ClientIdentity("client", "t", "o", "erp", LedgerScopes.All, null));

    private void Add(string token, TimeSpan? expiresIn, int? evictionsBefore = null) =>
        _cache.Add(Token(token), Client, Result, expiresIn, evictionsBefore ?? _cache.Evictions);

    private bool Find(string token) => _cache.Find(Token(token)) is not null;

    private static PresentedCredential Token(string token) => new(CredentialKind.Token, new CredentialHash(token));
}
