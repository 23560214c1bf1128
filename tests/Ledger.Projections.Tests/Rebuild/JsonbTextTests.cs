using System.Buffers;
using System.Text;
using System.Text.Json;
using Ledger.EventStore;
using Ledger.Projections.Rebuild;
using Ledger.Projections.Tests.Pages;

namespace Ledger.Projections.Tests.Rebuild;

/// <summary>A replayed row is equal byte by byte only if its JSON is written as PostgreSQL prints it.</summary>
public sealed class JsonbTextTests
{
    [Fact]
    public async Task Json_is_written_as_jsonb_prints_it()
    {
        await using var database = await ManyRecords.Migrated.CreateDatabaseAsync();
        await using var dataSource = LedgerDataSource.Create(database.ConnectionString);
        string[] documents =
        [
            """{"lines":[]}""", """{}""", """[]""", """{"b":1,"aa":2,"a":3,"ü":4,"zzz":{"y":null,"x":[true,false,{}]}}""", """["a/b","tab\tline\n\r\b\f quote\" back\\ \u0001 \u001f \u007f"]""",
            """["\u00e9 \u20ac \ud83d\ude00","é € 😀","<>&'+"]""", """[0,-1,12.50,0.10,123456789012345678901234567890.5,1]""", """{"10":1,"9":2,"":3}""",
        ];
        foreach (var document in documents)
        {
            await using var command = dataSource.CreateCommand("select $1::jsonb::text");
            command.Parameters.Add(new() { Value = document });
            var printed = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            var written = new ArrayBufferWriter<byte>();
            // As a serializer gives it: every letter beyond ASCII escaped.
            JsonbText.Write(JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(document).RootElement), written);
            Encoding.UTF8.GetString(written.WrittenSpan).ShouldBe(printed, document);
        }
    }
}
