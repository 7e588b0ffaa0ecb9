using System.Buffers;
using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Api.Queries;
using Kataven.Queries;

namespace Kataven.Api.Transactions;

/// <summary>How a transaction is to begin: the body of <c>POST /api/transactions</c>, which may be left out.</summary>
internal sealed record TransactionTerms(TransactionIsolation Isolation, bool ReadOnly)
{
    public static TransactionTerms Read(ReadOnlySequence<byte> body) => body.IsEmpty ? new(default, false) : RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        var (isolation, readOnly) = (default(TransactionIsolation), false);
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "isolation_level":
                    isolation = StatementReader.ReadIsolation(ref json, member);
                    break;
                case "read_only":
                    readOnly = StatementReader.ReadBoolean(ref json, member);
                    break;
                default:
                    throw new RequestFault($"{member} is not a member of this request.");
            }
        }

        return new TransactionTerms(isolation, readOnly);
    });
}
