using System.Buffers;
using System.Text;
using CsCheck;
using Kataven.Grains.Queries.Values;

namespace Kataven.Grains.Tests.Queries.Values;

public sealed class CsvValueTests
{
    [Theory]
    [InlineData(TypeOid.Int4, "7", "7")]
    [InlineData(TypeOid.Float8, "NaN", "NaN")]
    [InlineData(TypeOid.Numeric, "1.500", "1.500")]
    [InlineData(TypeOid.Bool, "t", "true")]
    [InlineData(TypeOid.Bool, "f", "false")]
    [InlineData(TypeOid.Timestamp, "2024-01-02 03:04:05.1", "2024-01-02T03:04:05.1")]
    [InlineData(TypeOid.TimestampTz, "2024-01-02 03:04:05+00", "2024-01-02T03:04:05+00:00")]
    [InlineData(TypeOid.TimestampTz, "0044-03-15 12:00:00+00 BC", "0044-03-15T12:00:00+00:00 BC")]
    [InlineData(TypeOid.TimestampTz, "infinity", "infinity")]
    [InlineData(TypeOid.VarChar, "", "\"\"")]
    [InlineData(TypeOid.VarChar, "plain text", "plain text")]
    [InlineData(TypeOid.VarChar, " lead", "\" lead\"")]
    [InlineData(TypeOid.VarChar, "trail ", "\"trail \"")]
    [InlineData(TypeOid.VarChar, "a,b", "\"a,b\"")]
    [InlineData(TypeOid.VarChar, "say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData(TypeOid.VarChar, "a\nb", "\"a\nb\"")]
    [InlineData(TypeOid.VarChar, "a\rb", "\"a\rb\"")]
    [InlineData(TypeOid.VarChar, "a;b\t'", "a;b\t'")]
    [InlineData(114, "{\"a\":\n1}", "\"{\"\"a\"\": 1}\"")]
    [InlineData(3802, "17", "17")]
    [InlineData(1007, "{1,NULL,3}", "\"[1,null,3]\"")]
    [InlineData(1007, "{}", "[]")]
    [InlineData(1009, "{\"a\\\"b\",NULL}", "\"[\"\"a\\\"\"b\"\",null]\"")]
    public void A_field_is_rendered_by_its_type(uint oid, string text, string csv) =>
        Assert.Equal(csv, TextRow.Csv(TextRow.Type(oid), Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Any_text_comes_back_and_null_differs_from_the_empty_string() =>
        GenText.Any.Null().Array[1, 4].Array[1, 4].Sample(rows =>
        {
            var output = new ArrayBufferWriter<byte>();
            foreach (var row in rows)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    output.Write(i > 0 ? ","u8 : default);
                    if (row[i] is { } text)
                        CsvValue.WriteText(output, Encoding.UTF8.GetBytes(text));
                }
                output.Write("\r\n"u8);
            }
            Assert.Equal(rows, Parse(Encoding.UTF8.GetString(output.WrittenSpan)));
        }, iter: 5_000);

    /// <summary>A reader of RFC 4180 to which a bare empty field is null.</summary>
    private static List<string?[]> Parse(string csv)
    {
        var (rows, row, at) = (new List<string?[]>(), new List<string?>(), 0);
        while (at < csv.Length)
        {
            row.Add(csv[at] == '"' ? Quoted(csv, ref at) : Bare(csv, ref at));
            if (csv[at] == ',')
            {
                at++;
                continue;
            }
            Assert.Equal("\r\n", csv.Substring(at, 2));
            at += 2;
            rows.Add([.. row]);
            row.Clear();
        }
        return rows;
    }

    private static string Quoted(string csv, ref int at)
    {
        var field = new StringBuilder();
        for (at++; csv[at] != '"' || (at + 1 < csv.Length && csv[at + 1] == '"'); at++)
        {
            field.Append(csv[at]);
            if (csv[at] == '"')
                at++;
        }
        at++;
        return field.ToString();
    }

    private static string? Bare(string csv, ref int at)
    {
        var end = csv.AsSpan(at).IndexOfAny(",\r\n");
        var field = csv.Substring(at, end);
        at += end;
        return field.Length == 0 ? null : field;
    }
}
