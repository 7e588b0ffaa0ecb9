using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.BackendMessages;
using Npgsql.Internal;

namespace Kataven.Grains.Connections;

/// <summary>Members of Npgsql that are not public, and what they give cannot be had otherwise.</summary>
internal static class NpgsqlInternals
{
    private const string ReadBufferType = "Npgsql.Internal.NpgsqlReadBuffer, Npgsql";

    /// <summary>
    /// Asks for every column as text. Only a batch sends a statement as it stands (a command without parameters is
    /// split at its semicolons), and only a command has this property in public.
    /// </summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_AllResultTypesAreUnknown")]
    public static extern void AskForText(NpgsqlBatch batch, bool value);

    /// <summary>
    /// The values of the row that was read last, as they came: each behind its length, which is -1 for null. To ask for them one by
    /// one costs three calls and an array each, and more than to write them.
    /// </summary>
    /// <returns>False where not all of the row has come in yet: then they have to be asked for.</returns>
    public static bool TryGetRow(NpgsqlDataReader reader, out ReadOnlySpan<byte> row)
    {
        if (!IsRowBuffered(reader))
        {
            row = default;
            return false;
        }

        var buffer = ReadBuffer(Connector(reader));
        row = Unread(buffer)[..(RowEnd(reader) - ReadPosition(buffer))];
        return true;
    }

    /// <summary>A column's type modifier, without the second connection that a key-info schema would open.</summary>
    public static int TypeModifier(NpgsqlDataReader reader, int ordinal) => Modifier(Field(reader, ordinal));

    /// <summary>Something has come in that nobody has read: PostgreSQL's last word, which came with the end of an answer.</summary>
    public static bool HasUnread(NpgsqlConnection connection) => UnreadBytes(ReadBuffer(Connector(connection))) > 0;

    public static Socket Socket(NpgsqlConnection connection) => Socket(Connector(connection));

    /// <summary>What writes to the socket, encrypted where the connection is.</summary>
    public static Stream Stream(NpgsqlConnection connection) => Stream(Connector(connection));

    // NPG9001: the type may change with Npgsql; whatever reads a row, and the tests of lanes, fail then.
#pragma warning disable NPG9001
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector Connector(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    private static extern NpgsqlConnector Connector(NpgsqlDataReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReadBuffer")]
    [return: UnsafeAccessorType(ReadBufferType)]
    private static extern object ReadBuffer(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    private static extern ref Socket Socket(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stream")]
    private static extern ref Stream Stream(NpgsqlConnector connector);
#pragma warning restore NPG9001

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Span")]
    private static extern ReadOnlySpan<byte> Unread([UnsafeAccessorType(ReadBufferType)] object buffer);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReadBytesLeft")]
    private static extern int UnreadBytes([UnsafeAccessorType(ReadBufferType)] object buffer);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReadPosition")]
    private static extern int ReadPosition([UnsafeAccessorType(ReadBufferType)] object buffer);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isRowBuffered")]
    private static extern ref bool IsRowBuffered(NpgsqlDataReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_dataMsgEnd")]
    private static extern ref int RowEnd(NpgsqlDataReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetField")]
    private static extern FieldDescription Field(NpgsqlDataReader reader, int ordinal);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TypeModifier")]
    private static extern int Modifier(FieldDescription field);
}
