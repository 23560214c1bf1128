using System.Buffers.Binary;
using System.Text;
using Ledger.EventStore.Log;
using Ledger.EventStore.Tests.Appending;

namespace Ledger.EventStore.Tests.Log;

/// <summary>What the log costs per event and per flush, counted in bytes, statements and round trips: neither looks at a clock.</summary>
public sealed class CostOfALeafTests
{
    [Fact]
    public void A_leaf_allocates_no_more_than_what_is_stored_of_it()
    {
        const int Events = 1_024;
        var (making, rows) = (new LeafMaking(), Enumerable.Range(1, Events).Select(Row).ToArray());
        long allocated = 0;
        for (var round = 0; round < 3; round++)   // the first rounds also pay for what is made once
        {
            var slice = new SliceMaking(new TenantLeaves("tenant", new TreeGrowth(0, default), Events), "tenant"u8.ToArray());
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var row in rows) making.TryAdd(slice, new WaitingRow(row)).ShouldBeNull();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            slice.Leaves.Count.ShouldBe(Events);
        }

        // 80 bytes of hashes and salt, and a little of the tree per 256 leaves.
        (allocated / Events).ShouldBeInRange(80, 110);
    }

    [Fact]
    public async Task A_flush_takes_as_many_round_trips_for_a_thousand_events_of_many_tenants_as_for_a_few_of_one()
    {
        await using var log = await LogUnderTest.CreateAsync();
        using var tap = new WireTap(log.Ledger.ConnectionString);
        await using var dataSource = LedgerDataSource.Create(tap.ConnectionString);
        var builder = await LogBuilder.LeadAsync(dataSource, log.Signer, TestContext.Current.CancellationToken);
        for (var warm = 0; warm < 3; warm++) await FlushAsync(1, 3);   // every statement gets its prepared plan

        var few = await FlushAsync(1, 3);
        var many = await FlushAsync(20, 50);

        many.RoundTrips.ShouldBe(few.RoundTrips);
        many.RoundTrips.ShouldBeLessThanOrEqualTo(8);   // is there anything, begin, fence, what waits, the events, keys, the writes, commit
        many.Statements.ShouldBe(few.Statements);

        async Task<(int RoundTrips, int Statements)> FlushAsync(int tenants, int events)
        {
            for (var tenant = 0; tenant < tenants; tenant++) await log.SealedAsync(LedgerDatabase.NewTenant(), events);
            var (roundTrips, statements) = (tap.RoundTrips, tap.Statements);
            var flush = await builder.FlushAsync(cancellationToken: TestContext.Current.CancellationToken);
            flush.Leaves.ShouldBe(tenants * events);
            return (tap.RoundTrips - roundTrips, tap.Statements - statements);
        }
    }

    // As COPY sends it: the number of columns, then each behind its length.
    private static byte[] Row(int position)
    {
        var row = new MemoryStream();
        Write(16, 11);
        Column(Number(32, 0));
        Column(Number(64, position));
        Column(Guid.NewGuid().ToByteArray(bigEndian: true));
        Column(Encoding.UTF8.GetBytes($"item/erp/{position}"));
        Column(Number(64, 3));
        Column("item_exported"u8.ToArray());
        Column(Number(64, 849_000_000_000_000 + position));
        Column("0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"u8.ToArray());
        Write(32, -1);
        Column([1, .. """{"actor": "client", "dialect": "native"}"""u8]);
        Column([1, .. Encoding.UTF8.GetBytes($$"""{"externalId": "JE-{{position}}", "note": "a \"quoted\" word", "amount": 12.50}""")]);
        return row.ToArray();

        void Column(byte[] value)
        {
            Write(32, value.Length);
            row.Write(value);
        }

        void Write(int bits, long value) => row.Write(Number(bits, value));
    }

    private static byte[] Number(int bits, long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes[^(bits / 8)..];
    }
}
