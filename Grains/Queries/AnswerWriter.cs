using System.Buffers;
using System.Globalization;
using System.Text;
using Kataven.Grains.Queries.Text;
using Kataven.Grains.Queries.Values;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>Writes the parts of an answer round its rows.</summary>
internal static class AnswerWriter
{
    /// <summary>All that stands before the rows: <c>{"command":…,"row_count":…,"columns":[…],"rows":[</c></summary>
    public static void WriteHead(IBufferWriter<byte> output, NpgsqlBatchCommand command, Column[] columns)
    {
        output.Write("{"u8);
        WriteCommand(output, command);
        output.Write(","u8);
        WriteColumns(output, columns);
        output.Write(",\"rows\":["u8);
    }

    /// <summary><c>"command":"SELECT","row_count":1</c></summary>
    public static void WriteCommand(IBufferWriter<byte> output, NpgsqlBatchCommand command)
    {
        output.Write("\"command\":"u8);
        JsonText.WriteString(output, TagOf(command));
        output.Write(",\"row_count\":"u8);
        output.Write(HasCount(command.StatementType)
            ? Encoding.ASCII.GetBytes(command.Rows.ToString(CultureInfo.InvariantCulture))
            : "null"u8);
    }

    /// <summary><c>"columns":[{"name":"id","type":"integer"}]</c></summary>
    public static void WriteColumns(IBufferWriter<byte> output, Column[] columns)
    {
        output.Write("\"columns\":["u8);
        for (var i = 0; i < columns.Length; i++)
        {
            output.Write(i == 0 ? "{\"name\":"u8 : ",{\"name\":"u8);
            JsonText.WriteString(output, columns[i].Name);
            output.Write(",\"type\":"u8);
            JsonText.WriteString(output, columns[i].TypeName);
            output.Write("}"u8);
        }

        output.Write("]"u8);
    }

    private static string TagOf(NpgsqlBatchCommand command) => command.StatementType switch
    {
        StatementType.Select => "SELECT",
        StatementType.Insert => "INSERT",
        StatementType.Update => "UPDATE",
        StatementType.Delete => "DELETE",
        StatementType.Merge => "MERGE",
        StatementType.Copy => "COPY",
        StatementType.Move => "MOVE",
        StatementType.Fetch => "FETCH",
        StatementType.CreateTableAs => "CREATE TABLE AS",
        _ => CommandTag.For(command.CommandText),
    };

    private static bool HasCount(StatementType type) =>
        type is not (StatementType.Unknown or StatementType.Other or StatementType.Call);
}
