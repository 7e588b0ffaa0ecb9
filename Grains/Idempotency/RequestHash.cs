using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kataven.Queries;

namespace Kataven.Grains.Idempotency;

/// <summary>
/// SHA-256 of what a request is: its statements, their parameters, and what changes the answer. Two requests have the same hash where
/// the service would do the same for both, however their JSON was written; the time limit does not count.
/// </summary>
/// <remarks>It stands beside answers that another version of the service kept: a change of its form is a key that nobody can repeat.</remarks>
internal static class RequestHash
{
    private enum RequestKind : byte
    {
        Query = 1,
        Transaction = 2,
    }

    public static byte[] Of(QueryRequest request) => Of(RequestKind.Query, default, request.Options, [request.Statement]);

    public static byte[] Of(TransactionRequest request) =>
        Of(RequestKind.Transaction, request.Isolation, request.Options, request.Statements.AsSpan());

    private static byte[] Of(RequestKind kind, TransactionIsolation isolation, QueryOptions options, ReadOnlySpan<Statement> statements)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)kind, (byte)isolation, (byte)options.RowMode, (byte)options.Numbers]);
        Append(hash, statements.Length);
        foreach (var statement in statements)
        {
            Append(hash, statement.Sql);
            Append(hash, statement.Parameters.Length);
            foreach (var parameter in statement.Parameters)
            {
                hash.AppendData([(byte)parameter.Kind]);
                Append(hash, parameter.Text);
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Behind its length, so that no two lists of texts are one: -1 for null.</summary>
    private static void Append(IncrementalHash hash, string? text)
    {
        if (text is null)
        {
            Append(hash, -1);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
