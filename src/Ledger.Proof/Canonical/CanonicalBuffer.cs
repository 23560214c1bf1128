using System.Buffers;

namespace Ledger.Proof.Canonical;

/// <summary>Where a member <c>"name":value,</c> stands in the buffer.</summary>
internal readonly record struct Member(int Start, int NameLength, int Length);

/// <summary>A growing text from the array pool, and the members of the objects that are still open.</summary>
internal struct CanonicalBuffer(int capacity) : IDisposable
{
    /// <summary>Members up to which putting each in its place takes less than preparing to sort.</summary>
    private const int Few = 16;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private Member[] _members = ArrayPool<Member>.Shared.Rent(32);

    public int Length { get; set; }

    public int MemberCount { get; private set; }

    public readonly byte Last => _bytes[Length - 1];

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Append(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Append(scoped ReadOnlySpan<byte> values)
    {
        values.CopyTo(Reserve(values.Length));
        Length += values.Length;
    }

    /// <summary>Room behind the text; the caller moves <see cref="Length"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count) Grow(count);
        return _bytes.AsSpan(Length, count);
    }

    /// <returns>False when the member stands before its predecessor: the object has to be sorted.</returns>
    public bool AddMember(int firstOfObject, Member member)
    {
        if (MemberCount == _members.Length)
        {
            var wider = ArrayPool<Member>.Shared.Rent(MemberCount * 2);
            _members.AsSpan(0, MemberCount).CopyTo(wider);
            ArrayPool<Member>.Shared.Return(_members);
            _members = wider;
        }
        _members[MemberCount++] = member;
        if (MemberCount - firstOfObject < 2) return true;
        var order = Compare(_members[MemberCount - 2], member);
        return order == 0 ? throw Twice(member) : order < 0;
    }

    public void ForgetMembers(int firstOfObject) => MemberCount = firstOfObject;

    public readonly void SortMembers(int firstOfObject)
    {
        var members = _members.AsSpan(firstOfObject, MemberCount - firstOfObject);
        var start = members[0].Start;
        var length = Length - start;
        var text = _bytes;
        if (members.Length <= Few) Insert(text, members);
        else SortMany(text, members);
        for (var i = 1; i < members.Length; i++)
        {
            if (Compare(members[i - 1], members[i]) == 0) throw Twice(members[i]);
        }
        var copy = ArrayPool<byte>.Shared.Rent(length);
        text.AsSpan(start, length).CopyTo(copy);
        var to = start;
        foreach (var member in members)
        {
            copy.AsSpan(member.Start - start, member.Length).CopyTo(text.AsSpan(to));
            to += member.Length;
        }
        ArrayPool<byte>.Shared.Return(copy);
    }

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<Member>.Shared.Return(_members);
    }

    private static void Insert(byte[] text, Span<Member> members)
    {
        for (var next = 1; next < members.Length; next++)
        {
            var (member, at) = (members[next], next);
            for (; at > 0 && MemberOrder.Compare(Name(text, member), Name(text, members[at - 1])) < 0; at--) members[at] = members[at - 1];
            members[at] = member;
        }
    }

    private static void SortMany(byte[] text, Span<Member> members) => members.Sort((one, other) => MemberOrder.Compare(Name(text, one), Name(text, other)));

    private readonly int Compare(Member one, Member other) => MemberOrder.Compare(Name(_bytes, one), Name(_bytes, other));

    // Without the quotes.
    private static ReadOnlySpan<byte> Name(byte[] text, Member member) => text.AsSpan(member.Start + 1, member.NameLength - 2);

    private readonly FormatException Twice(Member member) =>
        new($"The member {System.Text.Encoding.UTF8.GetString(_bytes, member.Start, member.NameLength)} stands twice in one object.");

    private void Grow(int more)
    {
        var wider = ArrayPool<byte>.Shared.Rent(Math.Max(Length + more, _bytes.Length * 2));
        Written.CopyTo(wider);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = wider;
    }
}
