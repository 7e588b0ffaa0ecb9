using System.Buffers;
using System.Text;
using Kataven.Grains.Queries.Values;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Tests.Queries.Values;

/// <summary>Values in PostgreSQL's text format, from a session as the service opens them, and what is made of them.</summary>
internal static class TextRow
{
    private const string Session =
        "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1";

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = Session,
        }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>The columns of the first row: type and text, null for SQL null.</summary>
    public static async Task<(uint Oid, byte[]? Text)[]> ReadAsync(NpgsqlConnection connection, string sql, params string?[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter is null ? DBNull.Value : parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i =>
            (reader.GetDataTypeOID(i), reader.IsDBNull(i) ? null : Encoding.UTF8.GetBytes(reader.GetString(i))))];
    }

    public static string Json(PgType type, byte[]? text, NumberMode numbers = NumberMode.Number)
    {
        var output = new ArrayBufferWriter<byte>();
        if (text is null)
            JsonValue.WriteNull(output);
        else
            JsonValue.Write(output, type, text, numbers);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Json(uint oid, string text, NumberMode numbers = NumberMode.Number) =>
        Json(Type(oid), Encoding.UTF8.GetBytes(text), numbers);

    public static string Csv(PgType type, byte[] text)
    {
        var output = new ArrayBufferWriter<byte>();
        CsvValue.Write(output, type, text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static PgType Type(uint oid) =>
        BuiltInTypes.TryGet(oid, out var type) ? type : throw new ArgumentException($"The type {oid} is not built in.");
}
