using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Ledger.Proof.Tests.Canonical;

/// <summary>JSON values, and several spellings of the same value.</summary>
internal static class AnyJson
{
    private static readonly Gen<string> Name = Gen.Elements("a", "b", "aa", "\u0007", "\"", "\\", "é", "\uFB33", "\U0001F600", "\uE000", "\n", "\u0080", "1", "", "€");

    /// <summary>A number as digits and the power of ten of its last digit.</summary>
    private static readonly Gen<(string Digits, int Exponent)> Decimals =
        from count in Gen.Choose(1, 22)
        from digits in Gen.Choose(0, 9).ArrayOf(count)
        from exponent in Gen.Choose(-30, 30)
        select (string.Concat(digits), exponent);

    /// <summary>A value as a tree of objects: dictionaries, arrays, strings, numbers, booleans, null.</summary>
    public static Gen<object?> Value(int depth) => depth == 0 ? Leaf : Gen.Frequency(
        (3, Leaf),
        (2, from count in Gen.Choose(0, 4) from values in Value(depth - 1).ArrayOf(count) select (object?)values),
        (3, from count in Gen.Choose(0, 6) from names in Name.ArrayOf(count) from values in Value(depth - 1).ArrayOf(names.Length) select (object?)names.Zip(values).DistinctBy(member => member.First).ToArray()));

    private static Gen<object?> Leaf => Gen.OneOf(
        Gen.Elements<object?>(null, true, false), Name.ArrayOf(3).Select(pieces => (object?)string.Concat(pieces)), Decimals.Select(number => (object?)number));

    /// <summary>Writes the value in one of many ways: order of members, white space, escapes and zeros are drawn from the seed.</summary>
    public static string Spell(object? value, int seed)
    {
        var text = new StringBuilder();
        Spell(value, new Random(seed), text);
        return text.ToString();
    }

    private static void Spell(object? value, Random dice, StringBuilder text)
    {
        text.Append(' ', dice.Next(2));
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case string words: Text(words, dice, text); break;
            case (string digits, int exponent): Number(digits, exponent, dice, text); break;
            case object?[] values: List(values, dice, text, '[', ']', item => Spell(item, dice, text)); break;
            case (string, object?)[] members:
                List(members.OrderBy(_ => dice.Next()), dice, text, '{', '}', member =>
                {
                    Text(member.Item1, dice, text);
                    text.Append(dice.Next(2) == 0 ? ":" : " :\t");
                    Spell(member.Item2, dice, text);
                });
                break;
        }
        text.Append('\n', dice.Next(2));
    }

    private static void List<T>(IEnumerable<T> items, Random dice, StringBuilder text, char open, char close, Action<T> spell)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) text.Append(dice.Next(2) == 0 ? "," : ", ");
            isFirst = false;
            spell(item);
        }
        text.Append(close);
    }

    private static void Text(string words, Random dice, StringBuilder text)
    {
        text.Append('"');
        foreach (var character in words)
        {
            if (character < ' ' || character is '"' or '\\' || char.IsSurrogate(character) || dice.Next(3) == 0) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else text.Append(character);
        }
        text.Append('"');
    }

    // 0.00digits0e+05 and the like: the point, the zeros at both ends and the exponent move, the value does not.
    private static void Number(string digits, int exponent, Random dice, StringBuilder text)
    {
        digits = digits.TrimStart('0');
        if (digits.Length == 0)
        {
            text.Append(dice.GetItems(["0", "-0", "0.0", "0e7", "-0.00E-3"], 1)[0]);
            return;
        }
        var zeros = dice.Next(3);
        digits += new string('0', zeros);
        exponent -= zeros;
        var point = dice.Next(0, digits.Length + 1);
        exponent += digits.Length - point;
        text.Append(point == 0 ? "0" : digits[..point]);
        if (point < digits.Length) text.Append('.').Append(digits[point..]);
        if (exponent != 0) text.Append(CultureInfo.InvariantCulture, $"{(dice.Next(2) == 0 ? 'e' : 'E')}{(exponent > 0 && dice.Next(2) == 0 ? "+" : "")}{exponent}");
    }
}
