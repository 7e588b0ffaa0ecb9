using System.Text.Json;
using Npgsql;

namespace Kataven.Baseline.Queries;

/// <summary>A column of an answer, and how its values are written. Has the types that the loads use.</summary>
internal sealed record Column(string Name, string Type)
{
    public static Column[] AllOf(NpgsqlDataReader reader)
    {
        var columns = new Column[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new Column(reader.GetName(i), reader.GetDataTypeName(i));
        }

        return columns;
    }

    public void Write(Utf8JsonWriter json, NpgsqlDataReader reader, int index)
    {
        if (reader.IsDBNull(index))
        {
            json.WriteNullValue();
            return;
        }

        switch (Type)
        {
            case "integer":
                json.WriteNumberValue(reader.GetInt32(index));
                break;
            case "bigint":
                json.WriteNumberValue(reader.GetInt64(index));
                break;
            case "boolean":
                json.WriteBooleanValue(reader.GetBoolean(index));
                break;
            case "text":
                json.WriteStringValue(reader.GetString(index));
                break;
            default:
                throw new NotSupportedException($"Values of type {Type} are not written here.");
        }
    }
}
