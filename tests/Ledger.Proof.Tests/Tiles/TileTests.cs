using FsCheck.Fluent;
using Ledger.Proof.Tiles;

namespace Ledger.Proof.Tests.Tiles;

public class TileTests
{
    [Theory]   // The examples of C2SP tlog-tiles.
    [InlineData(0, 1234067, 256, "0/x001/x234/067")]
    [InlineData(2, 0, 1, "2/000.p/1")]
    [InlineData(-1, 273, 112, "entries/273.p/112")]
    [InlineData(0, 999, 255, "0/999.p/255")]
    [InlineData(1, 1000, 256, "1/x001/000")]
    public void A_tile_has_one_path(int level, long index, int width, string path)
    {
        new Tile(level, index, width).ToString().ShouldBe(path);
        Tile.TryParse(path, out var tile).ShouldBeTrue();
        tile.ShouldBe(new Tile(level, index, width));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/")]
    [InlineData("0/1")]
    [InlineData("0/0001")]
    [InlineData("0/x000/001")]
    [InlineData("0/001/002")]
    [InlineData("0/x001")]
    [InlineData("00/001")]
    [InlineData("-1/001")]
    [InlineData("7/000")]
    [InlineData("0/001.p/0")]
    [InlineData("0/001.p/256")]
    [InlineData("0/001.p/01")]
    [InlineData("0/001.p/1/")]
    [InlineData("0/+01")]
    [InlineData("entry/001")]
    [InlineData("0/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("6/999")]
    public void Nothing_else_is_one(string? path) => Tile.TryParse(path, out _).ShouldBeFalse();

    [Fact]
    public void Every_path_parses_back() =>
        Always.Holds(from level in Gen.Choose(-1, 3) from index in Gen.Choose(0, int.MaxValue - 1) from width in Gen.Choose(1, 256) select new Tile(level, index, width), tile =>
        {
            Tile.TryParse(tile.ToString(), out var parsed).ShouldBeTrue();
            parsed.ShouldBe(tile);
        });

    [Fact]   // The example of C2SP tlog-tiles: 70,000 leaves.
    public void A_tree_has_full_and_partial_tiles()
    {
        Tile.Of(0, 272, 70_000).ShouldBe(new Tile(0, 272, 256));
        Tile.Of(0, 273, 70_000).ShouldBe(new Tile(0, 273, 112));
        Tile.Of(0, 274, 70_000).ShouldBeNull();
        Tile.Of(1, 1, 70_000).ShouldBe(new Tile(1, 1, 17));
        Tile.Of(2, 0, 70_000).ShouldBe(new Tile(2, 0, 1));
        Tile.Of(3, 0, 70_000).ShouldBeNull();
        Tile.Of(1, 0, 256).ShouldBe(new Tile(1, 0, 1));
        Tile.Of(-1, 273, 70_000).ShouldBe(new Tile(-1, 273, 112));
    }
}
